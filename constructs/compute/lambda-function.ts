/** The function itself: role, log group, network, environment. */
import type { ExpandContext, Grant, Value } from "../../framework/model/index.js";
import { resource } from "../base/resource.js";
import { natByDefault, isExisting } from "../network/plan.js";
import { networkingOf, type NetworkHandle } from "../shared/network.js";
import { refuseConnect } from "./discovery.js";
import { openTargets, securityGroup } from "./ecs-service.js";
import { parseMemory } from "./fargate-sizes.js";
import { type CodeSpec, codeProps } from "./lambda-code.js";
import { isStaged, type TakeoverSpec } from "./deployment.js";
import { keepReady, liveAlias, type ReadySpec } from "./lambda-ready.js";
import type { CalledFunction } from "./lambda-permission.js";
import type { TriggerSpec } from "./lambda-triggers.js";
import { type FunctionMounts, functionMounts, type FunctionVolume } from "./lambda-volumes.js";
import { logGroup } from "./logs.js";
import { logGrant, workloadRole } from "./roles.js";
import { parseSeconds } from "./seconds.js";
import { functionTracing, tracingOn } from "./tracing.js";
import { type EnvironmentSpec, type SecretEntry, wire, type Wiring, withExtra } from "./wiring.js";

/** Props as expand gets them. */
export interface FunctionSpec {
  runtime?: string | undefined;
  handler?: string | undefined;
  code: CodeSpec;
  memory?: number | string | undefined;
  timeout?: number | string | undefined;
  architecture?: string | undefined;
  environment?: EnvironmentSpec;
  uses?: readonly { component: string }[] | undefined;
  secrets?: SecretEntry[] | undefined;
  triggers?: TriggerSpec[] | undefined;
  volumes?: FunctionVolume[] | undefined;
  vpc?: { enabled?: boolean; subnetIds?: Value[]; securityGroupIds?: Value[] } | undefined;
  reservedConcurrentExecutions?: number | undefined;
  provisionedConcurrency?: ReadySpec | undefined;
  deployment?: TakeoverSpec | undefined;
  layers?: Value[] | undefined;
  roleArn?: Value | undefined;
  url?: { enabled?: boolean; auth?: string } | undefined;
  permissions?: Grant[] | undefined;
}

/** A declared function. */
export interface MadeFunction extends CalledFunction {
  urn: string;
  /** What its last change published. */
  version: Value;
  /** URN of its alias, where it has one. */
  alias?: string;
  /** Of the alias where it has one: what is called. */
  arn: Value;
  /** The ARN by which API Gateway calls it. */
  invokeArn: Value;
  roleArn: Value;
}

/** Memory of a function that says nothing, MiB. */
const DEFAULT_MEMORY = 256;
/** Longest run of a function that says nothing, seconds; not above the visibility timeout that a queue has by default. */
const DEFAULT_TIMEOUT = 30;
/**
 * Network interfaces in a VPC, which Lambda makes as the function's role (Lambda Developer Guide, "Giving Lambda functions access to
 * resources in an Amazon VPC"): describing them knows no resource, the rest is kept to the account and region.
 */
function vpcGrants(ctx: ExpandContext): Grant[] {
  return [
    { actions: ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"], resources: ["*"] },
    {
      actions: [
        ...["ec2:AssignPrivateIpAddresses", "ec2:CreateNetworkInterface"],
        ...["ec2:DeleteNetworkInterface", "ec2:UnassignPrivateIpAddresses"],
      ],
      resources: [{ $text: ["arn:aws:ec2:", ctx.regionValue, ":", ctx.accountId, ":*/*"] }],
    },
  ];
}

/** Declares the function and what it needs; roles `role`, `role-policy`, `logs`, `security-group`. The main resource is the function. */
export function lambdaFunction(props: FunctionSpec, ctx: ExpandContext, triggerGrants: readonly Grant[]): MadeFunction {
  const tracing = functionTracing(ctx);
  const wiring = wire(ctx, props);
  refuseConnect(ctx);
  const mounts = functionMounts(ctx, props.volumes ?? []);
  const inVpc = props.vpc?.enabled ?? (props.vpc?.subnetIds !== undefined || (props.volumes ?? []).length > 0 || reachesInside(ctx));
  checkMounts(props, ctx, inVpc);
  if (inVpc) checkReach(props, ctx, wiring);
  for (const field of ["subnetIds", "securityGroupIds"] as const)
    if (!inVpc && props.vpc?.[field] !== undefined)
      ctx.error("not-in-vpc", `${field} means nothing: the function does not run in the network`, `vpc.${field}`, {
        expected: "vpc.enabled: true",
      });
  const logs = logGroup(ctx);
  const grants = [
    logGrant(logs),
    ...wiring.grants,
    ...wiring.secretGrants,
    ...triggerGrants,
    ...tracing.grants,
    ...mounts.grants,
    ...(inVpc ? vpcGrants(ctx) : []),
  ];
  const role = props.roleArn === undefined ? workloadRole(ctx, "role", "lambda.amazonaws.com", grants) : undefined;
  if (!role && grants.length > 1) ctx.notice(`roleArn names a role of yours; what the function uses must be allowed there`);
  const ready = role?.ready ?? [];
  const roleArn = role?.arn ?? props.roleArn ?? "";
  const variables = environmentVariables(withExtra(wiring, { environment: tracing.environment }));
  const aliased = props.provisionedConcurrency !== undefined || isStaged(props.deployment?.strategy);
  const made = resource(
    ctx,
    undefined,
    "aws:lambda/function:Function",
    {
      ...codeProps(props, ctx),
      role: roleArn,
      memorySize: memorySize(props, ctx),
      timeout: timeoutSeconds(props, ctx),
      architectures: [props.architecture ?? "x86_64"],
      tracingConfig: tracingOn(ctx) ? { mode: "Active" } : undefined,
      environment: Object.keys(variables).length > 0 ? { variables } : undefined,
      vpcConfig: inVpc ? vpcConfig(props, ctx, mounts) : undefined,
      fileSystemConfig: mounts.config,
      reservedConcurrentExecutions: props.reservedConcurrentExecutions,
      publish: aliased ? true : undefined,
      layers: props.layers,
      loggingConfig: { logFormat: "Text", logGroup: logs.out("name") },
      tags: ctx.tags,
    },
    { dependsOn: [...ready, ...mounts.ready] },
  );
  const version = made.out("version");
  const base = { urn: made.urn, name: made.out("name"), version, roleArn };
  if (!aliased) return { ...base, arn: made.out("arn"), invokeArn: made.out("invokeArn") };
  const { urn: alias, ...live } = liveAlias(ctx, made);
  if (props.provisionedConcurrency) keepReady(ctx, props.provisionedConcurrency, made, live, props.reservedConcurrentExecutions);
  return { ...base, ...live, alias };
}

/** Lambda hands over no secrets: the variable holds the secret's ARN (`<NAME>_SECRET_ARN` where a kind gives several of one secret), the function reads it. */
function environmentVariables(wiring: Wiring): { [name: string]: Value } {
  const all = new Map(wiring.environment.map((e) => [e.name, e.value]));
  for (const secret of wiring.secrets) {
    const name =
      secret.jsonKey && /_(USERNAME|PASSWORD)$/.test(secret.name)
        ? secret.name.replace(/_(USERNAME|PASSWORD)$/, "_SECRET_ARN")
        : secret.name;
    if (!all.has(name)) all.set(name, secret.arn);
  }
  return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** True if something that the function refers to is reachable in the network only. */
function reachesInside(ctx: ExpandContext): boolean {
  return ctx.targets.some((t) => t.access.length > 0 && t.bindings?.connect !== undefined && t.outputs.loadBalancerUrl === undefined);
}

/** S3 and DynamoDB have gateway endpoints; the others are asked by what runs in the network itself, not by an endpoint of AWS. */
const WITHIN_REACH = new Set(["s3", "dynamodb", "elasticfilesystem", "kafka-cluster", "memorydb"]);

/** A function says by `volumes` where a file system is mounted, or may know its id; a use would mount nothing. */
function checkMounts({ uses = [], volumes }: FunctionSpec, ctx: ExpandContext, inVpc: boolean): void {
  for (const [i, { component }] of uses.entries()) {
    const target = ctx.target(component);
    const mount = target?.bindings?.mount;
    if (!target || !mount) continue;
    const source = `${component}/${Object.keys(mount.points)[0] ?? "access-point"}`;
    ctx.error("no-mount", `a function does not mount the file system "${target.address}" by using it`, `uses[${i}]`, {
      expected: `volumes: [{ source: ${source}, mountPath: /mnt/${target.component} }]`,
    });
  }
  if (volumes?.length && !inVpc)
    ctx.error("not-in-vpc", "a file system is mounted from within the network only", "vpc.enabled", { expected: "vpc.enabled: true" });
}

/** In private subnets without NAT no endpoint of AWS can be called but those of S3 and DynamoDB. */
function checkReach(props: FunctionSpec, ctx: ExpandContext, wiring: Wiring): void {
  const networking = networkingOf(ctx);
  if (props.vpc?.subnetIds || isExisting(networking) || natByDefault(networking, ctx.environmentClass)) return;
  const services = [...wiring.grants, ...wiring.secretGrants].flatMap((g) => g.actions.map((a) => a.split(":")[0] ?? ""));
  const needed = [...new Set(services)].filter((s) => !WITHIN_REACH.has(s)).sort();
  if (needed.length === 0) return;
  ctx.error(
    "needs-nat",
    `the function runs in private subnets and calls ${needed.join(", ")}, which can't be reached from there without a NAT gateway`,
    "vpc",
    {
      expected:
        "a NAT gateway (about $33 a month) or interface endpoints (about $7.30 a month per service and zone, in a network of your own)",
      next: "set natGateway.enabled: true in the Networking document, name a network that has endpoints by vpc.id, or set vpc.enabled: false",
    },
  );
}

function vpcConfig(props: FunctionSpec, ctx: ExpandContext, { mounted }: FunctionMounts): Value {
  const nat = natByDefault(networkingOf(ctx), ctx.environmentClass);
  const network = ctx.shared<NetworkHandle>("network", { tier: "private", ...(nat ? { egress: true } : {}) });
  const group = securityGroup(ctx, network.vpcId, `Function ${ctx.address}`);
  openTargets(ctx, group, mounted);
  return {
    subnetIds: props.vpc?.subnetIds ?? network.subnetIds,
    securityGroupIds: [group, ...network.sharedGroups, ...(props.vpc?.securityGroupIds ?? [])],
  };
}

function memorySize(props: FunctionSpec, ctx: ExpandContext): number {
  const size = props.memory === undefined ? DEFAULT_MEMORY : Math.ceil(parseMemory(props.memory) ?? 0);
  if (size < 128 || size > 10240) {
    ctx.error("bad-memory", `a function can't have ${props.memory} of memory`, "memory", { expected: "128 to 10240 MiB" });
    return DEFAULT_MEMORY;
  }
  return size;
}

function timeoutSeconds(props: FunctionSpec, ctx: ExpandContext): number {
  const seconds = props.timeout === undefined ? DEFAULT_TIMEOUT : Math.ceil(parseSeconds(props.timeout) ?? 0);
  if (seconds < 1 || seconds > 900) {
    ctx.error("bad-timeout", `a function can't run for ${props.timeout}`, "timeout", { expected: "1 to 900 seconds" });
    return DEFAULT_TIMEOUT;
  }
  return seconds;
}
