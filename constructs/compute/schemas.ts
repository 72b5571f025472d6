/** Schemas that workloads share. Each field is described; units stand in the description. */
import { z } from "zod";
import { LABEL } from "../../framework/base/names.js";
import { bool, group, int, listOf, mapOf, oneOf, plainText, text } from "../../framework/model/fields.js";

const ACCESS = ["read", "write", "readWrite", "send", "receive", "publish", "invoke", "connect"] as const;

/** `uses[]`. */
export const uses = listOf(
  group(
    {
      component: plainText("The component that is used: `component` or `service/component`."),
      access: oneOf(ACCESS, "What is allowed; narrows the kind's default.").optional(),
    },
    "One component that this one uses.",
  ),
  "Components that this one uses: an edge, permissions, an open port, and variables.",
);

/** `permissions[]`. */
export const permissions = listOf(
  group(
    {
      actions: listOf(plainText("An IAM action, such as s3:GetObject."), "IAM actions.").min(1),
      resources: listOf(text("An ARN."), "What they are allowed on.").min(1),
    },
    "One IAM statement.",
  ),
  "IAM statements beyond what references give.",
);

const valueFrom = group(
  {
    component: plainText("The component that gives the value."),
    output: plainText("Its output; without it all variables of its kind are set, under this entry's name.").optional(),
  },
  "A value of another component.",
);

const scalar = z.union([text("Its value."), z.number(), z.boolean()]);

/** Names of environment variables. */
export const VARIABLE = { pattern: /^[^=\s]+$/, expected: "a name without spaces and equals signs" };

/** `environment`, as a list or a map. */
export const environment = z
  .union([
    listOf(
      group(
        {
          name: plainText("The variable's name."),
          value: scalar.optional(),
          valueFrom: valueFrom.optional(),
        },
        "One variable.",
      ),
      "Variables as a list.",
    ),
    mapOf(z.union([scalar, group({ valueFrom }, "A value of another component.")]), "Variables as a map."),
  ])
  .meta({ description: "Environment variables: a list of {name, value or valueFrom}, or a map." });

/** `secrets[]`. */
export const secrets = listOf(
  group(
    {
      name: plainText("Name of the entry; the variable's name too unless envVar is given (upper case, `_`).", { min: 1 }),
      secretRef: text("A Secret component, an ARN (`:jsonKey` allowed), or the name of an existing secret."),
      envVar: plainText("Name of the environment variable.", VARIABLE).optional(),
    },
    "One secret.",
  ),
  "Secrets, handed over by ARN; the value is never in a file, a state or a log.",
);

const probe = {
  http: group(
    {
      path: plainText("Path that answers 200 to 399 when all is well."),
      port: int("Port, if not the traffic's.", 1, 65535).optional(),
      scheme: oneOf(["HTTP", "HTTPS"], "Scheme.", { default: "HTTP" }).optional(),
    },
    "Asked over HTTP by the load balancer.",
  ).optional(),
  tcp: group({ port: int("Port that accepts connections.", 1, 65535) }, "A connection is opened by the load balancer.").optional(),
  exec: group(
    { command: listOf(plainText("A word of the command."), "Command; exit code 0 is healthy.") },
    "Run in the container by ECS.",
  ).optional(),
  initialDelaySeconds: int("Seconds after start in which failures do not count.", 0, 7200).optional(),
  periodSeconds: int("Seconds between two checks.", 5, 300, { default: 10 }).optional(),
  timeoutSeconds: int("Seconds to wait for an answer.", 2, 120, { default: 5 }).optional(),
  successThreshold: int("Good answers in a row that make a task healthy (a load balancer wants 2 or more).", 1, 10, {
    default: 2,
  }).optional(),
  failureThreshold: int("Bad answers in a row that make it unhealthy.", 1, 10, { default: 3 }).optional(),
};

/** `healthCheck`; the flat and the short form are made this one before the check. */
export const healthCheck = z
  .union([
    plainText("Short form: the HTTP path.", { pattern: /^\//, expected: "a path that begins with /" }),
    group(
      {
        enabled: bool("Whether there is one.", { default: true }).optional(),
        readiness: group(probe, "Decides whether a task gets traffic.").optional(),
        liveness: group(probe, "Decides whether a task is replaced.").optional(),
        path: plainText("Flat form: HTTP path.").optional(),
        port: int("Flat form: port.", 1, 65535).optional(),
        protocol: oneOf(["HTTP", "HTTPS", "TCP", "http", "https", "tcp"], "Flat form: protocol.").optional(),
        initialDelaySeconds: probe.initialDelaySeconds,
        periodSeconds: probe.periodSeconds,
        timeoutSeconds: probe.timeoutSeconds,
        successThreshold: probe.successThreshold,
        failureThreshold: probe.failureThreshold,
      },
      "How the health of a task is known.",
    ),
  ])
  .meta({ description: "How the health of a task is known: an HTTP path, or probes in detail." });

/** `build`: an image that is built here. */
export const build = group(
  {
    context: plainText("Folder that is sent to the build, relative to this file; its .dockerignore counts."),
    dockerfile: plainText("The Dockerfile, relative to the context.", { default: "Dockerfile" }).optional(),
    target: plainText("Stage of the Dockerfile to build.").optional(),
    args: mapOf(plainText("The value; readable in the image, so no secrets."), "Build arguments.").optional(),
    platform: plainText("Platform to build for, such as linux/arm64.", {
      pattern: /^linux\/(amd64|arm64)(,linux\/(amd64|arm64))*$/,
      expected: "linux/amd64 or linux/arm64",
      default: "that of the architecture",
    }).optional(),
  },
  "Build the image here with Docker, and push it to the stack's own repository.",
);

/** `image`: as `repository:tag`, in its long form, or built here. */
export const image = z
  .union([
    text("The image, `repository:tag`."),
    group(
      {
        repository: text("Repository, with the registry's host unless it is Docker Hub."),
        tag: text("Tag."),
        digest: plainText("sha256 digest; decides over the tag.", {
          pattern: /^sha256:[0-9a-f]{64}$/,
          expected: "sha256:<64 hex digits>",
        }).optional(),
        pullPolicy: oneOf(["Always"], "When a task pulls the image: always.", { default: "Always" }).optional(),
        credentials: text("Secret with the registry's user name and password (a secretRef).").optional(),
      },
      "An image.",
    ),
    group({ build }, "An image that is built here."),
  ])
  .meta({ description: "The container image: `repository:tag`, {repository, tag, digest, credentials}, or {build}." });

/** An absolute path in a container. */
export const mountPath = (description: string) => plainText(description, { pattern: /^\/[^:]*$/, expected: "an absolute path" });

/** `configs`. */
export const configs = group(
  {
    mountPath: mountPath("The folder in which the container sees them, for reading only."),
    files: listOf(
      plainText(
        "Path in the folder `configs` beside the document, such as `nginx.conf` or `conf.d/site.conf`; its path in the container, too.",
        {
          pattern: /^(?!\.{1,2}(\/|$))[^/\\]+(\/(?!\.{1,2}(\/|$))[^/\\]+)*$/,
          expected: "a path inside the folder configs",
        },
      ),
      "Text files in UTF-8, 40 KiB all together. They stand in the task definition for everyone who may read it: no secrets.",
    ),
  },
  "Files of the project in the container. A change of one is a new task definition, and so a deployment.",
);

/** `ports[]`. */
export const ports = listOf(
  group(
    {
      name: plainText("Name; `http`, `https` and `web` (alone or before a hyphen) speak HTTP.", {
        pattern: LABEL,
        expected: "lower case, digits and hyphens",
      }),
      port: int("Port that the container listens on.", 1, 65535),
      protocol: oneOf(["tcp", "udp", "TCP", "UDP"], "Protocol.", { default: "tcp" }).optional(),
    },
    "One port.",
  ),
  "Ports that the container listens on.",
);

/** `runtime` of container workloads; CPU and memory are moved to `resources` before the check. */
export const containerRuntime = group(
  {
    platform: oneOf(["fargate", "ec2"], "Where it runs: on Fargate, or on EC2 instances of the stack's cluster (`capacity.instances`).", {
      default: "fargate",
    }).optional(),
    launchType: oneOf(["FARGATE", "fargate", "EC2", "ec2"], "ECS's word for the platform.", { default: "the platform" }).optional(),
    networkMode: oneOf(["awsvpc"], "Network mode.", { default: "awsvpc" }).optional(),
    architecture: oneOf(["x86_64", "arm64", "amd64"], "Processor architecture of the image.", { default: "x86_64" }).optional(),
  },
  "The platform.",
);

/** `command` and `args` of a container. */
export const commandFields = {
  command: listOf(plainText("A word."), "Replaces the image's entry point.").optional(),
  args: listOf(plainText("A word."), "Arguments; replaces the image's command.").optional(),
};

/** `serviceDiscovery`. */
export const serviceDiscovery = group(
  {
    enabled: bool("Register the tasks.", { default: true }).optional(),
    type: oneOf(["dns", "connect"], "Private DNS, or ECS Service Connect: a proxy beside each task that takes part balances and retries.", {
      default: "dns",
    }).optional(),
    namespace: plainText("Namespace; default `<stack>-<environment>.internal`.").optional(),
    name: plainText("Name in it; default the component's.").optional(),
  },
  "One name inside the network for the healthy tasks.",
);
