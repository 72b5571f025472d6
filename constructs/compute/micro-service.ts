/**
 * MicroService: a container that answers requests, on ECS, behind the stack's load balancer.
 *
 * Costs: 0.25 vCPU and 512 MiB about $9 a month per task; its share of the load balancer ($16) and, in production, of the NAT gateway ($33).
 *
 *     new MicroService(users, "api", {
 *       image: "ghcr.io/acme/users:1.4.2", port: 8080, healthCheck: "/health",
 *       environment: { DATABASE_HOST: db.endpoint },
 *       uses: [jobs.send()],
 *     });
 */
import { group, int } from "../../framework/model/fields.js";
import type { Ref } from "../../framework/model/index.js";
import { commonFields, type PropsOf } from "../base/common.js";
import { Component, type Use } from "../base/component.js";
import { defineKind } from "../base/kind.js";
import type { SectionInputs } from "../base/sections.js";
import { smokeTests } from "../base/smoke-tests.js";
import type { Service } from "../base/service.js";
import { expandService, type ServiceProps } from "./ecs-service.js";
import { exposedPort } from "./exposure.js";
import { imageAssets } from "./image.js";
import { normalizeWorkload } from "./normalize.js";
import {
  commandFields,
  configs,
  containerRuntime,
  environment,
  healthCheck,
  image,
  permissions,
  ports,
  secrets,
  serviceDiscovery,
  uses,
} from "./schemas.js";
import { sidecars } from "./sidecars.js";
import { taskFiles } from "./config-files.js";
import { type LinkedProps, workloadLinks } from "./workload-links.js";

const schema = () =>
  group(
    {
      image,
      runtime: containerRuntime.optional(),
      port: int("Short form of ports: one TCP port, named http.", 1, 65535).optional(),
      ports: ports.optional(),
      environment: environment.optional(),
      secrets: secrets.optional(),
      configs: configs.optional(),
      healthCheck: healthCheck.optional(),
      ...commandFields,
      uses: uses.optional(),
      permissions: permissions.optional(),
      sidecars: sidecars.optional(),
      serviceDiscovery: serviceDiscovery.optional(),
      smokeTests: smokeTests.optional(),
      ...commonFields,
    },
    "A container that answers requests.",
  );

/** Spec of a MicroService with its infra sections. */
export type MicroServiceProps = PropsOf<ReturnType<typeof schema>> & SectionInputs;

/** A container that answers requests. */
export class MicroService extends Component {
  constructor(service: Service, name: string, props: MicroServiceProps) {
    super("MicroService", service, name, props);
  }
  /** Where it is reached: by its name in Service Connect, else through the load balancer, else by its name in private DNS. */
  get url(): Ref {
    return this.output("url");
  }
  /** Where it is reached through the load balancer. */
  get loadBalancerUrl(): Ref {
    return this.output("loadBalancerUrl");
  }
  /** ARN of the ECS service. */
  get serviceArn(): Ref {
    return this.output("serviceArn");
  }
  /** Name of the ECS service. */
  get serviceName(): Ref {
    return this.output("serviceName");
  }
  /** ARN of the target group. */
  get targetGroupArn(): Ref {
    return this.output("targetGroupArn");
  }
  /** Its security group. */
  get securityGroupId(): Ref {
    return this.output("securityGroupId");
  }
  /** ARN of the role that the program acts as. */
  get taskRoleArn(): Ref {
    return this.output("taskRoleArn");
  }
  /** Name of the log group. */
  get logGroup(): Ref {
    return this.output("logGroup");
  }
  /** A `uses` entry: opens its port to the user. */
  connect(): Use {
    return this.use("connect");
  }
}

const OUTPUTS = {
  url: "Where it is reached: by its name in Service Connect, else through the load balancer, else by its name in private DNS.",
  loadBalancerUrl: "Where it is reached through the load balancer.",
  serviceArn: "ARN of the ECS service.",
  serviceName: "Name of the ECS service.",
  targetGroupArn: "ARN of the target group.",
  securityGroupId: "Its security group.",
  taskRoleArn: "ARN of the role that the program acts as.",
  logGroup: "Name of the log group.",
};

/** The kind MicroService. */
export const microServiceKind = defineKind({
  name: "MicroService",
  group: "components",
  summary: "A container that answers requests: ECS on Fargate or EC2 behind the stack's load balancer.",
  schema,
  infra: ["resources", "scaling", "networking", "storage", "capacity", "deployment"],
  stateful: false,
  fronted: true,
  normalize: normalizeWorkload,
  outputs: OUTPUTS,
  hasOutput(name, props) {
    const typed = props as unknown as ServiceProps;
    const balanced = exposedPort(typed) !== undefined;
    const discovered = typed.serviceDiscovery !== undefined && typed.serviceDiscovery.enabled !== false && (typed.ports?.length ?? 0) > 0;
    if (name === "loadBalancerUrl" || name === "targetGroupArn") return balanced;
    if (name === "url") return balanced || discovered;
    return name in OUTPUTS;
  },
  assets: (props) => [...imageAssets(props), ...taskFiles(props)],
  links: (props) => workloadLinks(props as unknown as LinkedProps),
  expand: (props, ctx) => expandService(props as unknown as ServiceProps, ctx),
});
