/** The provider of a run, and whether it is the one that the stack was deployed with. */
import { join } from "node:path";
import { usageError } from "../base/errors.js";
import { withForeign } from "../engine/foreign.js";
import type { Provider } from "../model/provider.js";
import type { SchemaIndex } from "../model/provider-schema.js";
import type { ProviderIdentity } from "../model/state-file.js";
import type { ResolvedModel } from "../model/stack-model.js";
import type { ImageBuild } from "../model/images.js";
import { TASK_TYPE } from "../model/tasks.js";
import { proxiedFetch } from "../providers/aws/proxied-fetch.js";
import { type Call, signedCall } from "../providers/aws/signed-call.js";
import { signedGet } from "../providers/aws/signed-get.js";
import { withImages } from "../providers/images/provider.js";
import { withSteady } from "../providers/steady/provider.js";
import { type TasksWorld, withTasks } from "../providers/tasks/provider.js";
import { callerCredentials, keptCredentials } from "./account.js";
import type { OperationContext } from "./context.js";
import { cloudImages, localImages } from "./image-world.js";

/** Where the local model of AWS is kept, relative to the project root. */
export const LOCAL_CLOUD = join(".panka", "local-cloud.json");

/** Who this run deploys with; account "" until the provider is asked. */
export function wantedIdentity(context: OperationContext, model: Pick<ResolvedModel, "region">): ProviderIdentity {
  const { settings } = context;
  const region = regionOf(context, model);
  return { name: settings.provider, account: "", region, endpoint: settings.provider === "aws" ? (settings.aws.endpoint ?? "") : "" };
}

/** The region: the environment's, the stack's, the configuration's. Throws a usage error for aws without one. */
export function regionOf(context: OperationContext, model: Pick<ResolvedModel, "region">): string {
  const { aws, provider } = context.settings;
  const region = aws.environmentRegion || model.region || aws.fallbackRegion;
  if (region) return region;
  if (provider === "local") return "us-east-1";
  throw usageError("no-region", "no AWS region is named", { next: "write spec.provider.region in the Stack document, or set AWS_REGION" });
}

/** Throws a usage error (exit 2) where the state was made with another provider, region or endpoint. */
export function checkIdentity(recorded: ProviderIdentity | undefined, wanted: ProviderIdentity, where: string): void {
  if (!recorded) return;
  for (const key of ["name", "region", "endpoint"] as const) {
    if (recorded[key] === wanted[key]) continue;
    const what = key === "name" ? "provider" : key;
    const was = recorded[key] || "AWS's own";
    const is = wanted[key] || "AWS's own";
    throw usageError(
      "other-provider",
      `${where} was deployed with the ${what} ${was}, this run has ${is}; its resources would be lost from sight`,
      {
        next: `destroy it with the ${what} ${was} first, or deploy to another environment (-e)`,
      },
    );
  }
}

/** Throws a usage error where the account behind the credentials is not the recorded or the demanded one. */
export function checkAccount(account: string, recorded: ProviderIdentity | undefined, demanded: unknown, where: string): void {
  if (!account) return;
  if (typeof demanded === "string" && demanded !== "" && demanded !== account) {
    throw usageError("wrong-account", `the credentials are of account ${account}, the stack demands ${demanded} (provider.accountId)`, {
      next: "use credentials of that account (AWS_PROFILE, or aws.profile in panka.config.yaml)",
    });
  }
  if (recorded?.account && recorded.account !== account) {
    throw usageError("wrong-account", `${where} was deployed to account ${recorded.account}, the credentials are of account ${account}`, {
      next: "use credentials of that account, or deploy to another environment (-e)",
    });
  }
}

/** Opens the provider; its libraries are loaded only now. */
export async function openProvider(
  context: OperationContext,
  schemas: SchemaIndex,
  model: Pick<ResolvedModel, "region" | "spec">,
  builds: ReadonlyMap<string, ImageBuild> = new Map(),
): Promise<Provider> {
  const { settings, env } = context;
  const region = regionOf(context, model);
  if (settings.provider === "local") {
    const { createLocalProvider } = await import("../providers/local/provider.js");
    const local = createLocalProvider({
      file: join(settings.projectRoot, LOCAL_CLOUD),
      schemas,
      region,
      clock: context.clock,
      random: context.random,
      ...(env.PANKA_LOCAL_FAULTS ? { faults: env.PANKA_LOCAL_FAULTS } : {}),
      ...(env.PANKA_LOCAL_LATENCY_MS ? { latencyMs: Number(env.PANKA_LOCAL_LATENCY_MS) } : {}),
    });
    const { FaultPlan, parseLocalFaults } = await import("../providers/local/faults.js");
    const faults = new FaultPlan(parseLocalFaults(env.PANKA_LOCAL_FAULTS ?? ""));
    const world = { clock: context.clock, emit: context.emit };
    const pretend: TasksWorld["pretend"] = (op, urn) => faults.next(op, TASK_TYPE, urn)?.fail;
    return withSteady(withTasks(withImages(local, localImages(context)), { ...world, pretend }), world);
  }
  const { createAwsProvider } = await import("../providers/aws/index.js");
  const { reach, credentials, send } = signedReach(context, model);
  const call = signedCall(reach, credentials, send);
  const provider = createAwsProvider({
    schemas,
    ...reach,
    ask: signedGet(reach, credentials, send),
    call,
    env,
    home: context.home,
    projectRoot: settings.projectRoot,
    packageRoot: context.packageRoot,
    clock: context.clock,
    ...(env.PANKA_SETTLE_MS ? { settleMs: Number(env.PANKA_SETTLE_MS) } : {}),
    emit: context.emit,
  });
  const own = withImages(withForeign(provider, schemas.provider), cloudImages(context, provider, { region, builds }));
  const world = { call, clock: context.clock, emit: context.emit };
  return withSteady(withTasks(own, world), world);
}

/** Calls of AWS as the stack's provider makes them: its region, profile and role. Nothing is asked for before the first call. */
export function awsCall(context: OperationContext, model: Pick<ResolvedModel, "region" | "spec">): Call {
  const { reach, credentials, send } = signedReach(context, model);
  return signedCall(reach, credentials, send);
}

function signedReach(context: OperationContext, model: Pick<ResolvedModel, "region" | "spec">) {
  const reach = awsSettings(context, model);
  return { reach, credentials: keptCredentials(context.clock, () => callerCredentials(reach)), send: proxiedFetch(reach.proxy) };
}

/** How AWS is reached for a stack: region, profile, role, endpoint, proxy. */
export function awsSettings(context: OperationContext, model: Pick<ResolvedModel, "region" | "spec">) {
  const { aws } = context.settings;
  const stackProvider = (model.spec["provider"] ?? {}) as { assumeRoleArn?: string; profile?: string };
  const profile = aws.profile ?? stackProvider.profile;
  return {
    region: regionOf(context, model),
    ...(profile ? { profile } : {}),
    ...(aws.endpoint ? { endpoint: aws.endpoint } : {}),
    ...(aws.proxy ? { proxy: aws.proxy } : {}),
    ...(stackProvider.assumeRoleArn ? { assumeRoleArn: stackProvider.assumeRoleArn } : {}),
  };
}
