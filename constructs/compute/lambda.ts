/**
 * Lambda: a function that runs when something happens.
 *
 * Costs nothing while idle; $0.20 per million calls and $0.0000167 per GB and second.
 *
 *     new Lambda(users, "on-upload", {
 *       runtime: "nodejs20.x", handler: "index.handler", code: { entry: "src/on-upload.ts" },
 *       triggers: [{ type: "s3", s3: { bucket: "uploads", events: ["s3:ObjectCreated:*"] } }],
 *       uses: [table.readWrite()],
 *     });
 */
import { bool, duration, group, int, listOf, memory, oneOf, plainText, text } from "../../framework/model/fields.js";
import type { AssetRequest, Expansion, ExpandContext, Ref, Value } from "../../framework/model/index.js";
import { commonFields, type PropsOf } from "../base/common.js";
import { Component, type Use } from "../base/component.js";
import { defineKind } from "../base/kind.js";
import { smokeTests } from "../base/smoke-tests.js";
import type { Service } from "../base/service.js";
import { codeAssets } from "./lambda-code.js";
import { type FunctionSpec, lambdaFunction, type MadeFunction } from "./lambda-function.js";
import { behindBalancers } from "./lambda-front.js";
import { provisionedConcurrency } from "./lambda-ready.js";
import { countedCalls, functionDeployment, functionTakeover } from "./lambda-takeover.js";
import { trigger, triggerGrants, triggerLinks } from "./lambda-triggers.js";
import { functionVolumes } from "./lambda-volumes.js";
import { normalizeEnvironment } from "./environment.js";
import { resource } from "../base/resource.js";
import { s3Event } from "../storage/s3-schema.js";
import { environment, permissions, secrets, uses } from "./schemas.js";
import { volumeLinks } from "./volumes.js";
import { type LinkedProps, workloadLinks } from "./workload-links.js";

const TRIGGERS = ["sqs", "eventbridge", "apigateway", "s3", "sns", "kinesis", "dynamodb"] as const;

const triggers = listOf(
  group(
    {
      type: oneOf(TRIGGERS, "What calls the function."),
      source: group(
        { component: plainText("A component.").optional(), arn: text("An ARN, of what the stack does not own.").optional() },
        "Where the events come from.",
      ).optional(),
      batchSize: int("Most records per call, for sqs, kinesis and dynamodb.", 1, 10000).optional(),
      schedule: plainText("For eventbridge: `rate(5 minutes)` or `cron(0 3 * * ? *)`.", {
        pattern: /^(rate|cron)\(.+\)$/,
        expected: "rate(...) or cron(...)",
      }).optional(),
      description: plainText("For people.").optional(),
      http: group(
        {
          method: oneOf(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY"], "HTTP method.", { default: "ANY" }).optional(),
          path: plainText("Path, such as /users/{id}.", { pattern: /^\//, expected: "a path that begins with /" }),
        },
        "For apigateway: the route; without it every request is taken.",
      ).optional(),
      s3: group(
        {
          bucket: text("The bucket: an S3 component or the name of an existing bucket.").optional(),
          events: listOf(s3Event, "Events.", { default: "s3:ObjectCreated:*" }).min(1).optional(),
          prefix: plainText("Only keys that begin so.").optional(),
          suffix: plainText("Only keys that end so.").optional(),
        },
        "For s3: which events of which bucket.",
      ).optional(),
    },
    "One source of calls.",
  ),
  "What calls the function.",
);

const schema = () =>
  group(
    {
      runtime: plainText("Such as nodejs20.x or python3.12; not with imageUri.").optional(),
      handler: plainText("`file.function`; not with imageUri.").optional(),
      code: group(
        {
          s3Bucket: text("Bucket with a zip.").optional(),
          s3Key: text("Its key.").optional(),
          zipFile: plainText("The source itself, one file named as the handler says.").optional(),
          imageUri: text("A container image in ECR.").optional(),
          path: plainText("A folder or file, zipped.").optional(),
          entry: plainText("A .ts or .js file, bundled with what it imports.").optional(),
        },
        "Where the code is: exactly one of these.",
      ),
      memory: memory("Memory, 128 to 10240 MiB; CPU grows with it.", { default: 256 }).optional(),
      timeout: duration("Longest run, up to 15 minutes.", { default: 30, unit: "seconds" }).optional(),
      architecture: oneOf(["x86_64", "arm64"], "Processor architecture.", { default: "x86_64" }).optional(),
      environment: environment.optional(),
      secrets: secrets.optional(),
      triggers: triggers.optional(),
      vpc: group(
        {
          enabled: bool("Run in the network; default where the function uses or mounts something that is only reachable there.").optional(),
          subnetIds: listOf(text("A subnet's id."), "Existing subnets instead of the stack's private ones.").optional(),
          securityGroupIds: listOf(text("A security group's id."), "Further security groups.").optional(),
        },
        "The network.",
      ).optional(),
      volumes: functionVolumes.optional(),
      reservedConcurrentExecutions: int("Runs at the same time, at most and guaranteed.", 0, 100000).optional(),
      provisionedConcurrency: provisionedConcurrency.optional(),
      layers: listOf(text("A layer version's ARN."), "Layers.").optional(),
      roleArn: text("An existing role; nothing is granted to it.").optional(),
      url: group(
        {
          enabled: bool("Whether it has one.", { default: true }).optional(),
          auth: oneOf(["iam", "none", "AWS_IAM", "NONE"], "Who may call it: signed requests, or everyone.", { default: "iam" }).optional(),
        },
        "A URL of its own.",
      ).optional(),
      uses: uses.optional(),
      permissions: permissions.optional(),
      deployment: functionDeployment.optional(),
      smokeTests: smokeTests.optional(),
      ...commonFields,
    },
    "A function that runs when something happens.",
  );

/** Spec of a Lambda. */
export type LambdaProps = PropsOf<ReturnType<typeof schema>>;

/** A function. */
export class Lambda extends Component {
  constructor(service: Service, name: string, props: LambdaProps) {
    super("Lambda", service, name, props);
  }
  /** The function's ARN; that of its alias where it has one (provisionedConcurrency, a `deployment.strategy` in steps). */
  get functionArn(): Ref {
    return this.output("functionArn");
  }
  /** The function's physical name. */
  get functionName(): Ref {
    return this.output("functionName");
  }
  /** Its URL: the function URL, else that of its HTTP API. */
  get url(): Ref {
    return this.output("url");
  }
  /** ARN of the role that it acts as. */
  get roleArn(): Ref {
    return this.output("roleArn");
  }
  /** A `uses` entry: lets the user call it. */
  invoke(): Use {
    return this.use("invoke");
  }
}

const OUTPUTS = {
  functionArn:
    "The function's ARN; with provisionedConcurrency or a `deployment.strategy` other than rolling that of its alias `live`, which is what others call.",
  functionName: "The function's physical name.",
  url: "Its URL: the function URL, else that of its HTTP API.",
  roleArn: "ARN of the role that it acts as.",
};

/** The kind Lambda. */
export const lambdaKind = defineKind({
  name: "Lambda",
  group: "components",
  summary: "A function that runs when something happens.",
  schema,
  infra: [],
  stateful: false,
  fronted: true,
  normalize: (spec, raw) => ("environment" in spec ? { ...spec, environment: normalizeEnvironment(spec.environment, raw) } : spec),
  outputs: OUTPUTS,
  hasOutput(name, props) {
    const { url, triggers: list } = props as unknown as FunctionSpec;
    if (name === "url") return hasUrl(url) || (list ?? []).some((t) => t.type === "apigateway");
    return name in OUTPUTS;
  },
  links: (props) => [
    ...workloadLinks(props as unknown as LinkedProps),
    ...volumeLinks(props.volumes ?? [], "volumes"),
    ...triggerLinks(props as unknown as FunctionSpec),
  ],
  assets: (props): AssetRequest[] => codeAssets(props as unknown as FunctionSpec),
  expand: (props, ctx) => expandLambda(props as unknown as FunctionSpec, ctx),
});

function hasUrl(url: FunctionSpec["url"]): boolean {
  return url !== undefined && url.enabled !== false;
}

function expandLambda(props: FunctionSpec, ctx: ExpandContext): Expansion {
  const made = lambdaFunction(props, ctx, triggerGrants(props, ctx));
  behindBalancers(ctx, made);
  const apiUrl = trigger(props, ctx, made);
  const ownUrl = hasUrl(props.url) ? functionUrl(props, ctx, made) : undefined;
  const url = ownUrl?.url ?? apiUrl;
  const { arn, name, qualifier, invokeArn } = made;
  const rollout = functionTakeover(ctx, props.deployment, made);
  const { errors, calls, throttles, duration } = countedCalls({ FunctionName: name });
  const signed = ownUrl?.open === false;
  return {
    reach: signed ? { noUrl: "its URL takes signed requests only (url.auth is iam)" } : url === undefined ? {} : { url },
    outputs: { functionArn: arn, functionName: name, roleArn: made.roleArn, ...(url === undefined ? {} : { url }) },
    bindings: {
      grants: { invoke: [{ actions: ["lambda:InvokeFunction"], resources: [arn] }] },
      defaultAccess: "invoke",
      inject: { _FUNCTION_NAME: { value: qualifier === undefined ? name : { $text: [name, ":", qualifier] } } },
      metrics: [errors, calls, throttles, duration],
      answers: { requests: calls, errors, duration, unit: "milliseconds" },
      backend: {
        function: {
          arn,
          name,
          invokeArn,
          ...(qualifier === undefined ? {} : { qualifier }),
          ...(ownUrl ? { url: { host: ownUrl.host, open: ownUrl.open } } : {}),
        },
      },
    },
    ...(rollout ? { rollout } : {}),
  };
}

function functionUrl(
  props: FunctionSpec,
  ctx: ExpandContext,
  { name, qualifier }: MadeFunction,
): { url: Value; host: Value; open: boolean } {
  const open = props.url?.auth?.toUpperCase() === "NONE";
  const authorizationType = open ? "NONE" : "AWS_IAM";
  const url = resource(ctx, "url", "aws:lambda/functionUrl:FunctionUrl", { functionName: name, qualifier, authorizationType });
  if (open)
    resource(ctx, "url-permission", "aws:lambda/permission:Permission", {
      action: "lambda:InvokeFunctionUrl",
      function: name,
      qualifier,
      principal: "*",
      functionUrlAuthType: authorizationType,
    });
  const host = { $text: [url.out("urlId"), ".lambda-url.", ctx.regionValue, ".on.aws"] };
  return { url: url.out("functionUrl"), host, open };
}
