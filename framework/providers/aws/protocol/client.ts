/** The plugin's calls as promises. gRPC over the plugin's unix socket, without TLS: the folder of the socket is private. */
import type { Client } from "@grpc/grpc-js";
import type { WireSchema } from "../bridge/wire-schema.js";
import type { DynamicValue } from "./codec.js";
import { descriptor } from "./messages.js";

/** One step of an attribute path; exactly one member is set. */
export interface PathStep {
  attribute_name?: string;
  element_key_string?: string;
  element_key_int?: number;
}

/** The plugin's own diagnostic. Severity 1 is an error, 2 a warning. */
export interface WireDiagnostic {
  severity: number;
  summary: string;
  detail: string;
  attribute: { steps: PathStep[] } | null;
}

/** Requests and answers by call name. Bytes are Uint8Array; absent messages are null. */
export interface Calls {
  GetSchema: [
    Record<string, never>,
    { provider: RawSchema; resource_schemas: { [type: string]: RawSchema }; data_source_schemas: { [type: string]: RawSchema } },
  ];
  Configure: [{ terraform_version: string; config: DynamicValue }, { diagnostics: WireDiagnostic[] }];
  ValidateResourceTypeConfig: [{ type_name: string; config: DynamicValue }, { diagnostics: WireDiagnostic[] }];
  ValidateDataSourceConfig: [{ type_name: string; config: DynamicValue }, { diagnostics: WireDiagnostic[] }];
  UpgradeResourceState: [
    { type_name: string; version: number; raw_state: { json: Uint8Array } },
    { upgraded_state: DynamicValue | null; diagnostics: WireDiagnostic[] },
  ];
  ReadResource: [
    { type_name: string; current_state: DynamicValue; private: Uint8Array },
    { new_state: DynamicValue | null; diagnostics: WireDiagnostic[]; private: Uint8Array },
  ];
  PlanResourceChange: [
    {
      type_name: string;
      prior_state: DynamicValue;
      proposed_new_state: DynamicValue;
      config: DynamicValue;
      prior_private: Uint8Array;
    },
    {
      planned_state: DynamicValue | null;
      requires_replace: { steps: PathStep[] }[];
      planned_private: Uint8Array;
      diagnostics: WireDiagnostic[];
    },
  ];
  ApplyResourceChange: [
    {
      type_name: string;
      prior_state: DynamicValue;
      planned_state: DynamicValue;
      config: DynamicValue;
      planned_private: Uint8Array;
    },
    { new_state: DynamicValue | null; private: Uint8Array; diagnostics: WireDiagnostic[] },
  ];
  ImportResourceState: [
    { type_name: string; id: string },
    { imported_resources: { type_name: string; state: DynamicValue; private: Uint8Array }[]; diagnostics: WireDiagnostic[] },
  ];
  ReadDataSource: [{ type_name: string; config: DynamicValue }, { state: DynamicValue | null; diagnostics: WireDiagnostic[] }];
}

/** A schema whose attribute types are still JSON bytes. */
export interface RawSchema {
  version: number;
  block: unknown;
}

/** A connection to a running plugin. */
export interface PluginClient {
  call<K extends keyof Calls>(name: K, request: Calls[K][0]): Promise<Calls[K][1]>;
  /** Asks the plugin to exit; resolves when it has answered, fails when it did not in `timeoutMs`. */
  shutdown(timeoutMs: number): Promise<void>;
  close(): void;
}

/**
 * Connects to the plugin's address, as its handshake gives it (`unix`, `/tmp/...`). gRPC is loaded on the first call of this.
 */
export async function connect(network: string, address: string): Promise<PluginClient> {
  const [grpc, loader] = await Promise.all([import("@grpc/grpc-js"), import("@grpc/proto-loader")]);
  const definition = loader.fromJSON(descriptor(), { keepCase: true, longs: Number, defaults: true, oneofs: true });
  const packages = grpc.loadPackageDefinition(definition) as any;
  const target = network === "unix" ? `unix:${address}` : address;
  const options = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1, "grpc.enable_retries": 0 };
  const credentials = grpc.credentials.createInsecure();
  const provider = new packages.tfplugin5.Provider(target, credentials, options) as Client & Record<string, any>;
  const controller = new packages.plugin.GRPCController(target, credentials, options) as Client & Record<string, any>;
  return {
    call: (name, request) =>
      new Promise((resolve, reject) => {
        provider[name](request, (error: Error | null, answer: any) => (error ? reject(error) : resolve(answer)));
      }),
    shutdown: (timeoutMs) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error("the plugin did not answer")), timeoutMs);
        controller.Shutdown({}, (error: Error | null) => {
          clearTimeout(timer);
          if (error) reject(error);
          else resolve();
        });
      }),
    close: () => {
      provider.close();
      controller.close();
    },
  };
}

/** A schema with its attribute types parsed and empty flags dropped. */
export function parseSchema(raw: RawSchema): WireSchema {
  return { version: Number(raw.version), block: parseBlock(raw.block) };
}

function parseBlock(raw: any): WireSchema["block"] {
  const flag = (a: any, name: string): object => (a[name] ? { [name]: true } : {});
  return {
    attributes: raw.attributes.map((a: any) => ({
      name: a.name,
      type: JSON.parse(Buffer.from(a.type).toString("utf8")),
      ...flag(a, "required"),
      ...flag(a, "optional"),
      ...flag(a, "computed"),
      ...flag(a, "sensitive"),
      ...flag(a, "write_only"),
      ...flag(a, "deprecated"),
    })),
    block_types: raw.block_types.map((t: any) => ({
      type_name: t.type_name,
      nesting: t.nesting,
      min_items: t.min_items,
      max_items: t.max_items,
      block: parseBlock(t.block),
    })),
  };
}
