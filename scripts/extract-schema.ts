/**
 * Extracts the schema that ships from the provider plugin: `node --import tsx scripts/extract-schema.ts [plugin file]`.
 * Reads and writes framework/providers/aws/data/: tokens.json and exceptions.json are facts about the SDK and are read;
 * schema.json is written. Without an argument the plugin is looked for as the product does it. Needs no AWS account.
 */
import { writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LookupSchema } from "../framework/model/index.js";
import { lookupTree, typeTree } from "../framework/providers/aws/bridge/tree.js";
import { readPin } from "../framework/providers/aws/discovery.js";
import { locatePlugin } from "../framework/providers/aws/index.js";
import { withNaming } from "../framework/providers/aws/naming.js";
import { type PluginProcess, startPlugin } from "../framework/providers/aws/process.js";
import { type Calls, parseSchema, type RawSchema } from "../framework/providers/aws/protocol/client.js";
import { toDynamic, type WireObject } from "../framework/providers/aws/protocol/codec.js";
import { READY_RULES } from "../framework/providers/aws/ready.js";
import { dataFacts } from "../framework/providers/aws/schema-index.js";
import { encodeObject } from "../framework/providers/aws/bridge/encode.js";
import { SHIPPED_LOOKUPS, SHIPPED_TYPES } from "./extract-schema.list.js";
import { type Host, probeType } from "./extract-schema.probe.js";

const dataDir = fileURLToPath(new URL("../framework/providers/aws/data", import.meta.url));

/** A configuration that reaches nothing: plans need a configured provider, not a cloud. */
function offline(config: LookupSchema): WireObject {
  const nowhere = "http://127.0.0.1:9";
  const services = Object.keys(config.properties.endpoints?.element?.fields ?? {});
  const values = {
    region: "us-east-1",
    accessKey: "none",
    secretKey: "none",
    maxRetries: 1,
    skipCredentialsValidation: true,
    skipMetadataApiCheck: true,
    skipRegionValidation: true,
    skipRequestingAccountId: true,
    endpoints: [Object.fromEntries(services.map((name) => [name, nowhere]))],
  };
  return encodeObject({ properties: config.properties, idFrom: [] }, values, "config", []);
}

/** Keeps a configured plugin at hand: some plans end it. */
class Plugins implements Host {
  private running: PluginProcess | undefined;
  constructor(
    private readonly file: string,
    readonly config: () => WireObject,
  ) {}

  async started(): Promise<PluginProcess> {
    if (this.running?.alive()) return this.running;
    this.running = await startPlugin(this.file, { PATH: process.env.PATH, AWS_EC2_METADATA_DISABLED: "true" });
    return this.running;
  }

  async plan(request: Calls["PlanResourceChange"][0]): Promise<Calls["PlanResourceChange"][1]> {
    const fresh = !this.running?.alive();
    const plugin = await this.started();
    if (fresh) await plugin.client.call("Configure", { terraform_version: "1.11.4", config: toDynamic(this.config()) });
    try {
      return await plugin.client.call("PlanResourceChange", request);
    } catch (error) {
      await plugin.stop();
      throw new Error(`the plugin ${await plugin.exited}`, { cause: error });
    }
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    this.running = undefined;
  }
}

async function extract(file: string, version: string): Promise<void> {
  const { tokens, exceptions } = dataFacts(dataDir);
  const first = await startPlugin(file, { PATH: process.env.PATH });
  const raw = await first.client.call("GetSchema", {}).finally(() => first.stop());
  const find = (schemas: { [type: string]: RawSchema }, wire: string | undefined, token: string) => {
    const found = wire === undefined ? undefined : schemas[wire];
    if (!found || wire === undefined) throw new Error(`no such token: ${token}`);
    return { wire, schema: parseSchema(found) };
  };
  const configToken = "pulumi:providers:aws";
  const config = lookupTree(configToken, "aws", parseSchema(raw.provider), exceptions[configToken]);
  const lines = [`{"head":{"provider":"aws","version":${JSON.stringify(version)}}`, `"provider aws":${JSON.stringify(config)}`];
  const plugins = new Plugins(file, () => offline(config));
  let complaints = 0;
  for (const token of [...SHIPPED_TYPES].sort()) {
    const { wire, schema } = find(raw.resource_schemas, tokens.types[token], token);
    const tree = typeTree(token, wire, schema, exceptions[token]);
    for (const text of await probeType(plugins, tree)) {
      complaints += 1;
      console.log(`not planned: ${text}`);
    }
    const ready = READY_RULES[token];
    lines.push(`"type ${token}":${JSON.stringify({ ...withNaming(tree), ...(ready ? { ready } : {}) })}`);
  }
  await plugins.stop();
  for (const token of [...SHIPPED_LOOKUPS].sort()) {
    const { wire, schema } = find(raw.data_source_schemas, tokens.lookups[token], token);
    lines.push(`"lookup ${token}":${JSON.stringify(lookupTree(token, wire, schema, exceptions[token]))}`);
  }
  writeFileSync(join(dataDir, "schema.json"), `${lines.join(",\n")}\n}\n`);
  console.log(`${SHIPPED_TYPES.length} types and ${SHIPPED_LOOKUPS.length} data sources; ${complaints} plans refused`);
}

const world = { env: process.env, home: homedir(), cacheDir: join(homedir(), ".cache", "panka"), dataDir };
await extract(process.argv[2] ?? (await locatePlugin(world)), readPin(dataDir).version);
