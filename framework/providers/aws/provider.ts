/** The AWS provider: the official provider plugin behind the Provider port. */
import type { Clock } from "../../base/clock.js";
import type { Diagnostic } from "../../base/diagnostics.js";
import {
  ALARM_STATES,
  isProviderError,
  listedType,
  type Props,
  type Provider,
  ProviderError,
  type ProviderIdentity,
} from "../../model/index.js";
import { adoptedInputs } from "./adoption.js";
import { alarmStates } from "./alarm-states.js";
import { list } from "./listings.js";
import { readLookup } from "./lookups.js";
import { waitUntilReady } from "./ready.js";
import { Resources } from "./resources.js";
import type { AwsSchemaIndex } from "./schema-index.js";
import { makeSchemas } from "./schemas.js";
import { Session } from "./session.js";
import type { AwsSettings } from "./settings.js";
import type { Call } from "./signed-call.js";
import type { Ask } from "./signed-get.js";
import { allTagged, findTagged } from "./tag-search.js";

/** How long AWS may hide what was just created from its own lists, ms. */
const SETTLE_MS = 60_000;

/** What the provider is made of. */
export interface AwsProviderOptions {
  settings: AwsSettings;
  /** The process's environment; credentials and proxies are taken from it. */
  env: { [name: string]: string | undefined };
  /** The plugin's working folder: relative paths of assets count from here. */
  cwd?: string;
  /** The plugin's program, or a function that finds (and downloads) it; called on the first call only. */
  plugin: string | (() => Promise<string>);
  schemas: AwsSchemaIndex;
  clock: Clock;
  /** How long a lost create may stay invisible, ms. Default 60,000. */
  settleMs?: number;
  /** Folder for the plugin's full schema, needed only for types that do not ship. */
  cacheDir?: string;
  /** Puts questions that the plugin has no data source for. Absent: such look-ups are `unsupported`. */
  ask?: Ask;
  /** Calls services that speak JSON. Absent: look-ups of alarms are `unsupported`. */
  call?: Call;
}

/** Makes the provider. Nothing is started before the first call. Close it. */
export function makeAwsProvider(options: AwsProviderOptions): Provider {
  const { settings, clock, ask, call } = options;
  const locate = typeof options.plugin === "string" ? async () => options.plugin as string : options.plugin;
  const session: Session = new Session({
    settings,
    env: options.env,
    ...(options.cwd ? { cwd: options.cwd } : {}),
    locate,
    configSchema: () => schemas.config(),
  });
  const schemas = makeSchemas(options.schemas, () => session, options.cacheDir);
  const resources = new Resources(session);
  const lookup: Provider["lookup"] = async (token, args) => {
    if (token === ALARM_STATES && call) return alarmStates(args, call);
    const listed = listedType(token);
    if (listed === undefined) return readLookup(session, await schemas.lookup(token), args);
    if (!ask) throw new ProviderError("unsupported", "nothing can be listed without a way to ask the service itself");
    return list(listed, args, ask);
  };
  let identity: Promise<ProviderIdentity> | undefined;

  const provider: Provider = {
    name: "aws",
    settleMs: options.settleMs ?? SETTLE_MS,
    lookup,
    identity: () => {
      identity ??= lookup("aws:index/getCallerIdentity:getCallerIdentity", {})
        .then((found) => ({
          name: "aws",
          account: String(found.accountId ?? ""),
          region: settings.region,
          endpoint: settings.endpoint ?? "",
        }))
        .catch((error: unknown) => {
          identity = undefined;
          throw error;
        });
      return identity;
    },
    validate: async (call) => {
      try {
        return await resources.validate(await schemas.type(call.type), call);
      } catch (error) {
        if (isProviderError(error, "invalid")) return [{ severity: "error", code: "invalid", message: error.message }];
        throw error;
      }
    },
    plan: async (call) => resources.plan(await schemas.type(call.type), call),
    create: async (call) => resources.apply(await schemas.type(call.type), { ...call, prior: null }),
    update: async (call) => resources.apply(await schemas.type(call.type), call),
    delete: async (call) => resources.delete(await schemas.type(call.type), call),
    read: async (call) => resources.read(await schemas.type(call.type), call.prior),
    import: async (call) => {
      const schema = await schemas.type(call.type);
      const found = await resources.import(schema, call.importId);
      if (!found) return null;
      const check = (inputs: Props): Promise<Diagnostic[]> => resources.validate(schema, { urn: call.urn, type: call.type, inputs });
      return { ...found, inputs: await adoptedInputs(schema, found.outputs, check) };
    },
    findByTags: async (type, tags) =>
      findTagged(lookup, await schemas.type(type), tags, { endpoint: settings.endpoint ?? "", region: settings.region }),
    tagged: (tags) => allTagged(lookup, tags),
    waitReady: async (call) => {
      const schema = await schemas.type(call.type);
      return waitUntilReady(schema, call, clock, (prior) => resources.read(schema, prior));
    },
    close: () => session.close(),
  };
  return provider;
}
