/** The real provider plugin for tests, found by PANKA_PLUGIN_DIR only. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readPin } from "../../framework/providers/aws/discovery.js";
import { makeAwsProvider } from "../../framework/providers/aws/provider.js";
import { signedGet } from "../../framework/providers/aws/signed-get.js";
import { type AwsSchemaIndex, loadSchemaIndex } from "../../framework/providers/aws/schema-index.js";
import type { Clock, Provider } from "../../framework/model/index.js";
import { hasMoto } from "./moto.js";

/** The provider's data folder in this tree. */
export const DATA_DIR = fileURLToPath(new URL("../../framework/providers/aws/data", import.meta.url));

/** The shipped schema. */
export function shippedSchema(): AwsSchemaIndex {
  return loadSchemaIndex(DATA_DIR);
}

/** The plugin's program of the version that the data was made with, or undefined. */
export function pluginFile(): string | undefined {
  const root = process.env.PANKA_PLUGIN_DIR;
  if (!root) return undefined;
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  const { host, namespace, type } = readPin(DATA_DIR);
  const folder = join(root, host, namespace, type, shippedSchema().version, `${process.platform}_${arch}`);
  if (!existsSync(folder)) return undefined;
  const file = readdirSync(folder).find((name) => name.startsWith("terraform-provider-aws"));
  return file === undefined ? undefined : join(folder, file);
}

/** Why tests with the real plugin can't run here, or undefined if they can. */
export function whyNoPlugin(): string | undefined {
  if (!pluginFile()) return "PANKA_PLUGIN_DIR names no folder with the AWS provider plugin";
  return hasMoto() ? undefined : "moto_server is not on PATH";
}

/** Real time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** The AWS provider on the emulator. Close it before the emulator stops. */
export function providerOn(moto: { endpoint: string; env: Record<string, string> }, more: { cacheDir?: string } = {}): Provider {
  return makeAwsProvider({
    settings: { region: "us-east-1", endpoint: moto.endpoint },
    env: { ...moto.env, PATH: process.env.PATH },
    plugin: pluginFile() as string,
    schemas: shippedSchema(),
    clock: systemClock,
    ask: signedGet({ region: "us-east-1", endpoint: moto.endpoint }, async () => ({ accessKeyId: "test", secretAccessKey: "test" })),
    ...more,
  });
}
