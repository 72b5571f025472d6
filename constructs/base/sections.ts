/** The sections of ComponentInfra: how to run a component, whatever it is. Each kind says which of them it takes. */
import type { z } from "zod";
import { LABEL } from "../../framework/base/names.js";
import { bool, cpu, group, int, listOf, memory, oneOf, plainText, text } from "../../framework/model/fields.js";
import { autoscaling } from "./autoscaling.js";
import { canary, linear, rollback } from "./rollout-fields.js";

const resources = group(
  {
    cpu: cpu("CPU of one task: units (256), millicores (256m) or vCPU (0.25 vCPU)."),
    memory: memory("Memory of one task: MiB (512), 512Mi, 1Gi or 0.5 GB."),
  },
  "CPU and memory of one task; on Fargate a pair that it does not sell is rounded up to the next that it does.",
);

const scaling = group(
  {
    replicas: int("Number of tasks; with autoscaling the initial number, kept within its limits.", 0, 5000, { default: 1 }).optional(),
    minReplicas: int("Fewest tasks; short for autoscaling.minReplicas.", 0).optional(),
    maxReplicas: int("Most tasks; short for autoscaling.maxReplicas.", 1).optional(),
    autoscaling: autoscaling.optional(),
  },
  "How many tasks run.",
);

const networking = group(
  {
    loadBalancer: group(
      {
        enabled: bool("Whether the stack's load balancer sends traffic here.", { default: "true with an HTTP port" }).optional(),
        type: oneOf(["application", "network"], "HTTP, or TCP and UDP.", { default: "application" }).optional(),
        internal: bool("Reachable from inside the network only.", { default: false }).optional(),
        healthCheckPath: plainText("Path that the load balancer asks.", { default: "the readiness probe's path, else /" }).optional(),
        certificateArn: text("Certificate of the HTTPS listener.").optional(),
        sslPolicy: plainText("TLS policy of the HTTPS listener.", { default: "ELBSecurityPolicy-TLS13-1-2-2021-06" }).optional(),
        allowedCIDRs: listOf(plainText("A CIDR block."), "Who may connect.", { default: "everyone" }).optional(),
        stickiness: bool("Keeps a client with one task, by a cookie.", { default: false }).optional(),
        idleTimeoutSeconds: int("Closes idle connections.", 1, 4000, { unit: "seconds", default: 60 }).optional(),
      },
      "The stack's shared load balancer.",
    ).optional(),
    ingress: group(
      {
        enabled: bool("Whether a rule is made.", { default: true }).optional(),
        hostname: plainText("Host that the rule matches.").optional(),
        path: plainText("Path that the rule matches, and everything below it.", { default: "/" }).optional(),
        aliases: listOf(plainText("A host."), "Further hosts.").optional(),
        zoneId: text(
          "Id of the Route 53 zone of these hosts: it gets their records, and a certificate for them is made and proved unless one is named; without it records and certificate are yours.",
        ).optional(),
        redirectHttps: bool("Sends HTTP to HTTPS.", { default: "true with a certificate" }).optional(),
      },
      "The rule by which the load balancer sends requests here.",
    ).optional(),
    placement: oneOf(["public", "private"], "Subnets to run in.", { default: "private with a NAT gateway, else public" }).optional(),
    securityGroups: listOf(text("The id of a security group."), "Further security groups.").optional(),
  },
  "How the component is reached and where it runs.",
);

const storage = group(
  {
    ephemeralGB: int("Scratch disk of one task.", 21, 200, { unit: "GiB", default: "20, without charge" }).optional(),
    volumes: listOf(
      group(
        {
          name: plainText("Its name.", { pattern: LABEL, expected: "lower case, digits and hyphens" }),
          mountPath: plainText("Where the container sees it.", { pattern: /^\/[^:]*$/, expected: "an absolute path" }),
          type: oneOf(["efs", "emptyDir"], "A file system of the stack, or empty space that lives as long as the task.", {
            default: "efs with a source, else emptyDir",
          }).optional(),
          source: plainText(
            "Of type efs: the EFS component (`files` or `service/files`), with an access point behind it: `files/uploads`.",
          ).optional(),
          readOnly: bool("Mounted for reading only.", { default: false }).optional(),
        },
        "One volume.",
      ),
      "Volumes of the task: `efs` outlives it and is shared by all tasks, `emptyDir` is scratch space that its containers share.",
    ).optional(),
  },
  "Disk.",
);

const capacity = group(
  {
    spot: plainText("Spot tasks: `none`, `all`, or `after N` on-demand ones.", {
      pattern: /^(none|all|after \d+)$/,
      expected: "none, all or after N",
      default: "none",
    }).optional(),
    instances: group(
      {
        type: plainText("Instance type, such as m7g.large; components that name the same one share its instances.", {
          pattern: /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/,
          expected: "an EC2 instance type",
          default: "t3.medium, on arm64 t4g.medium",
        }).optional(),
        spotTypes: listOf(
          plainText("An instance type.", { pattern: /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, expected: "an EC2 instance type" }),
          "On Spot, further types that may be taken, none smaller: the more, the seldomer none is free (AWS advises ten). By default those of the same size of generations 5 and 6.",
        ).optional(),
        min: int("Instances that always run; of several components the largest number holds.", 0, 1000, { default: 0 }).optional(),
        max: int("Most instances; of several components the largest number holds.", 1, 1000, { default: 4 }).optional(),
      },
      "EC2 instances of the stack for tasks with `runtime.platform: ec2`; for others it says nothing. ECS starts and ends them as tasks come and go.",
    ).optional(),
  },
  "What the tasks run on.",
);

const deployment = group(
  {
    strategy: oneOf(["rolling", "recreate", "blueGreen", "canary", "linear"], "How a new version takes over.", {
      default: "rolling",
    }).optional(),
    minimumHealthyPercent: int("Fewest healthy tasks while it does.", 0, 100, { unit: "percent", default: 100 }).optional(),
    maximumPercent: int("Most tasks while it does.", 100, 400, { unit: "percent", default: 200 }).optional(),
    canary: canary.optional(),
    linear: linear.optional(),
    timeoutMinutes: int("How long a deployment may take.", 1, 180, { unit: "minutes", default: 10 }).optional(),
    failFast: int(
      "Tasks of a new version that end alike before the deploy gives up, with their reason; without it ECS is waited for.",
      1,
      50,
      {
        unit: "tasks",
      },
    ).optional(),
    rollback: rollback(
      ["errors", "responseTimeMs", "cpuPercent", "memoryPercent"],
      "What is measured: errors (percent of the requests that are answered with a server error), responseTimeMs (that of the slowest 1 %), cpuPercent and memoryPercent (average of the tasks).",
    ).optional(),
    drainSeconds: int("Time for requests in flight when a task leaves.", 0, 3600, { unit: "seconds", default: 30 }).optional(),
    release: group(
      { command: listOf(plainText("A word."), "It replaces the image's command, its entry point stays; it must end with 0.") },
      "A command that is run in a one-off task with each new task definition, before the service gets it; a rollback does not run it.",
    ).optional(),
  },
  "How a new version takes over from the old one.",
);

/** All sections by name; the schema of ComponentInfra, InfraDefaults and, section by section, of the kinds that take them. */
export const sections = {
  resources: resources.optional(),
  scaling: scaling.optional(),
  networking: networking.optional(),
  storage: storage.optional(),
  capacity: capacity.optional(),
  deployment: deployment.optional(),
};

type Sections = typeof sections;

/** Sections as a TypeScript stack writes them. */
export type SectionInputs = { [K in keyof Sections]?: z.input<Sections[K]> };

/** Sections as checked. */
export type SectionOutputs = { [K in keyof Sections]?: z.output<Sections[K]> };
