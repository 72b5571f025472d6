/**
 * Worker: a container without ports that works through queues and topics, on ECS.
 *
 * Costs: 0.25 vCPU and 512 MiB about $9 a month per task. For each topic that it subscribes to it gets a queue of its own.
 *
 *     new Worker(users, "mailer", {
 *       image: "ghcr.io/acme/mailer:1.4.2",
 *       subscribes: [{ component: "jobs" }, { component: "user-events", filter: { type: ["created"] } }],
 *     });
 */
import { anything, group, listOf, plainText } from "../../framework/model/fields.js";
import type { Link, Ref } from "../../framework/model/index.js";
import { commonFields, type PropsOf } from "../base/common.js";
import { Component } from "../base/component.js";
import { defineKind } from "../base/kind.js";
import type { SectionInputs } from "../base/sections.js";
import { smokeTests } from "../base/smoke-tests.js";
import type { Service } from "../base/service.js";
import { expandService, type ServiceProps } from "./ecs-service.js";
import { imageAssets } from "./image.js";
import { normalizeWorkload } from "./normalize.js";
import { commandFields, configs, containerRuntime, environment, healthCheck, image, permissions, secrets, uses } from "./schemas.js";
import { type Subscription, subscribe } from "./subscriptions.js";
import { sidecars } from "./sidecars.js";
import { taskFiles } from "./config-files.js";
import { type LinkedProps, workloadLinks } from "./workload-links.js";

const schema = () =>
  group(
    {
      image,
      runtime: containerRuntime.optional(),
      subscribes: listOf(
        group(
          {
            component: plainText("A queue to read, or a topic to subscribe to."),
            filter: anything("For a topic: an SNS filter policy.").optional(),
          },
          "One source of work.",
        ),
        "Where the work comes from.",
      ).optional(),
      environment: environment.optional(),
      secrets: secrets.optional(),
      configs: configs.optional(),
      healthCheck: healthCheck.optional(),
      ...commandFields,
      uses: uses.optional(),
      permissions: permissions.optional(),
      sidecars: sidecars.optional(),
      smokeTests: smokeTests.optional(),
      ...commonFields,
    },
    "A container that works through queues and topics.",
  );

/** Spec of a Worker with its infra sections. */
export type WorkerProps = PropsOf<ReturnType<typeof schema>> & SectionInputs;

/** A container without ports. */
export class Worker extends Component {
  constructor(service: Service, name: string, props: WorkerProps) {
    super("Worker", service, name, props);
  }
  /** ARN of the ECS service. */
  get serviceArn(): Ref {
    return this.output("serviceArn");
  }
  /** Name of the ECS service. */
  get serviceName(): Ref {
    return this.output("serviceName");
  }
  /** ARN of the role that the program acts as. */
  get taskRoleArn(): Ref {
    return this.output("taskRoleArn");
  }
  /** Name of the log group. */
  get logGroup(): Ref {
    return this.output("logGroup");
  }
}

const OUTPUTS = {
  serviceArn: "ARN of the ECS service.",
  serviceName: "Name of the ECS service.",
  taskRoleArn: "ARN of the role that the program acts as.",
  logGroup: "Name of the log group.",
};

/** The kind Worker. */
export const workerKind = defineKind({
  name: "Worker",
  group: "components",
  summary: "A container without ports that works through queues and topics: ECS on Fargate or EC2.",
  schema,
  infra: ["resources", "scaling", "networking", "storage", "capacity", "deployment"],
  infraExcept: [
    ...["networking.loadBalancer", "networking.ingress", "deployment.drainSeconds", "deployment.canary", "deployment.linear"],
    ...["scaling.autoscaling.requestsPerTarget", "scaling.autoscaling.targetResponseTimeMs"],
  ],
  stateful: false,
  normalize: normalizeWorkload,
  outputs: OUTPUTS,
  assets: (props) => [...imageAssets(props), ...taskFiles(props)],
  links(props) {
    const sources = (props.subscribes ?? []).map(
      (s, i): Link => ({ component: s.component, path: `subscribes[${i}].component`, orderOnly: true }),
    );
    return [...workloadLinks(props as unknown as LinkedProps), ...sources];
  },
  expand(props, ctx) {
    const spec = props as unknown as ServiceProps & { subscribes?: Subscription[] };
    const { outputs, bindings, reach, rollout } = expandService(spec, ctx, subscribe(ctx, spec.subscribes ?? []));
    const kept = Object.entries(outputs).filter(([name]) => name in OUTPUTS);
    return {
      outputs: Object.fromEntries(kept),
      reach,
      bindings: { grants: {}, inject: {}, ...(bindings.metrics ? { metrics: bindings.metrics } : {}) },
      ...(rollout ? { rollout } : {}),
    };
  },
});
