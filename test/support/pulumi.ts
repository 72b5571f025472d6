/** The real Pulumi CLI for tests, found on PATH; its AWS plugin is the official one where it is installed, else ours, served by the test. */
import { spawnSync } from "node:child_process";
import { suite } from "uvu";
import { hasAwsCli, hasMoto, hasPlugin, type Moto, startMoto } from "./moto.js";
import { type PulumiPlugin, servePulumiPlugin } from "./pulumi-plugin.js";

/** What a suite with the Pulumi CLI runs on. */
export interface PulumiWorld {
  moto: Moto;
  plugin: PulumiPlugin;
  /** Environment of a `panka` or `pulumi` that uses both. */
  env: Record<string, string>;
  stop(): Promise<void>;
}

/** The version that the CLI on PATH says, or undefined. */
export function pulumiVersion(): string | undefined {
  const found = spawnSync("pulumi", ["version"], { encoding: "utf8", env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" } });
  return found.status === 0 ? found.stdout.trim() || "(no version)" : undefined;
}

/** Why tests with the CLI can't run here, or undefined. */
export function whyNoPulumi(): string | undefined {
  if (!pulumiVersion()) return "the pulumi CLI is not on PATH";
  return hasMoto() && hasPlugin() ? undefined : "moto_server or the provider plugin is missing";
}

/** Starts the emulator and the plugin. `slow` delays each change, ms. */
export async function startPulumiWorld(options: { slow?: number } = {}): Promise<PulumiWorld> {
  const moto = await startMoto();
  const plugin = await servePulumiPlugin({ ...options, env: moto.env });
  return {
    moto,
    plugin,
    env: { ...moto.env, PANKA_SETTLE_MS: "500", PULUMI_DEBUG_PROVIDERS: `aws:${plugin.port}` },
    stop: async () => {
      await plugin.close();
      await moto.stop();
    },
  };
}

/** A suite on one Pulumi world, which is absent, and `why` given, where it can't run here. */
export function pulumiSuite(name: string) {
  const it = suite<{ world?: PulumiWorld; why?: string | undefined }>(name);
  it.before(async (context) => {
    context.why = whyNoPulumi() ?? (hasAwsCli() ? undefined : "the AWS CLI is missing");
    if (!context.why) context.world = await startPulumiWorld();
  });
  it.after(async (context) => {
    await context.world?.stop();
  });
  return it;
}
