/**
 * A `pulumi-resource-aws` for tests, where the official one is not at hand: the gRPC interface that the Pulumi CLI calls (its protocol
 * is real, its own resource classes too), served from Panka's `aws` provider and so from the official Terraform plugin below it.
 */
import * as grpc from "@grpc/grpc-js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import pluginPb from "@pulumi/pulumi/proto/plugin_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import structPb from "google-protobuf/google/protobuf/struct_pb.js";
import { fromMeta, toMeta } from "../../framework/engine/pulumi/values.js";
import { isProviderError, type PriorResource, type Props, type Provider, type ProviderResult } from "../../framework/model/provider.js";
import { isUnknown, UNKNOWN } from "../../framework/model/values.js";
import { makeAwsProvider } from "../../framework/providers/aws/provider.js";
import { pluginFile, shippedSchema, systemClock } from "./plugin.js";

const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SIG = "4dabf18193072939515e22adb298388d";

type Message = any;

/** Struct -> Panka's values: unknowns, secrets unwrapped, archives as their path. */
function decode(struct: Message): Props {
  return struct ? (value(struct.toJavaScript()) as Props) : {};
}

function value(of: any): any {
  if (of === UNKNOWN_TEXT) return UNKNOWN;
  if (Array.isArray(of)) return of.map(value);
  if (of === null || typeof of !== "object") return of;
  if (typeof of[SIG] === "string") return "hash" in of ? (of.path ?? filePath(of.hash)) : value(of.value);
  return Object.fromEntries(Object.entries(of).map(([k, v]) => [k, value(v)]));
}

/** Where only a file's hash is told, as in a diff, its path is made of that. */
const filePath = (hash: string): string => `panka.out/assets/${hash}.zip`;

/** Properties with every file named by its hash alone, so that the same file is the same on both sides of a diff. */
function byHash(struct: Message): Props {
  const plain = (of: any): any => {
    if (of === null || typeof of !== "object") return of;
    if (Array.isArray(of)) return of.map(plain);
    if (typeof of[SIG] === "string" && "hash" in of) return filePath(of.hash);
    return Object.fromEntries(Object.entries(of).map(([k, v]) => [k, plain(v)]));
  };
  return struct ? (value(plain(struct.toJavaScript())) as Props) : {};
}

/** Outputs with the files of the inputs put back in their places, as the bridge does it. */
function withFiles(outputs: Props, inputs: Message): Props {
  const given = Object.entries(inputs.toJavaScript() as Record<string, any>).filter(([, v]) => typeof v?.[SIG] === "string" && "hash" in v);
  return { ...outputs, ...Object.fromEntries(given) } as Props;
}

function encode(props: Props): Message {
  const plain = (of: any): any => {
    if (isUnknown(of)) return UNKNOWN_TEXT;
    if (Array.isArray(of)) return of.map(plain);
    if (of === null || typeof of !== "object") return of;
    return Object.fromEntries(Object.entries(of).map(([k, v]) => [k, plain(v)]));
  };
  return structPb.Struct.fromJavaScript(plain(props));
}

function prior(id: string, outputs: Props, inputs: Props): PriorResource {
  const { __meta, ...rest } = outputs as { __meta?: string };
  return { id, inputs, outputs: rest as Props, ...fromMeta(__meta) };
}

function outputsOf(result: ProviderResult): Props {
  const meta = toMeta(result);
  return { ...result.outputs, ...(meta === undefined ? {} : { __meta: meta }) };
}

const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").pop() ?? "";

/** The calls, by name. `configured` gives the provider of the last Configure. */
function handlers(configured: (args: Props) => Provider): Record<string, (request: Message) => Promise<Message>> {
  let provider: Provider;
  const call = (r: Message, inputs: Props) => ({ urn: r.getUrn(), type: typeOf(r.getUrn()), inputs });
  return {
    handshake: async () => new providerPb.ProviderHandshakeResponse(),
    attach: async () => new empty.Empty(),
    cancel: async () => new empty.Empty(),
    getPluginInfo: async () => {
      const info = new pluginPb.PluginInfo();
      info.setVersion("6.83.4");
      return info;
    },
    checkConfig: async (r) => {
      const out = new providerPb.CheckResponse();
      out.setInputs(r.getNews());
      return out;
    },
    diffConfig: async () => new providerPb.DiffResponse(),
    configure: async (r) => {
      provider = configured(decode(r.getArgs()));
      const out = new providerPb.ConfigureResponse();
      out.setSupportspreview(true);
      out.setAcceptsecrets(false);
      return out;
    },
    check: async (r) => {
      const inputs = decode(r.getNews());
      const out = new providerPb.CheckResponse();
      out.setInputs(r.getNews());
      for (const d of await provider.validate(call(r, inputs))) {
        if (d.severity !== "error") continue;
        const failure = new providerPb.CheckFailure();
        failure.setProperty(d.path ?? "");
        failure.setReason(d.message);
        out.addFailures(failure);
      }
      return out;
    },
    diff: async (r) => {
      const plan = await provider.plan({
        ...call(r, byHash(r.getNews())),
        prior: prior(r.getId(), byHash(r.getOlds()), byHash(r.getOldInputs())),
      });
      const out = new providerPb.DiffResponse();
      out.setChanges(plan.action === "same" ? 1 : 2);
      out.setDiffsList([...new Set(plan.changedPaths.map((p) => p.split(/[.[]/)[0] ?? p))]);
      out.setReplacesList([...new Set(plan.replacePaths.map((p) => p.split(/[.[]/)[0] ?? p))]);
      out.setHasdetaileddiff(true);
      for (const path of new Set([...plan.changedPaths, ...plan.replacePaths])) {
        const diff = new providerPb.PropertyDiff();
        diff.setKind(plan.replacePaths.includes(path) ? 5 : 4);
        out.getDetaileddiffMap().set(path, diff);
      }
      return out;
    },
    create: async (r) => {
      const out = new providerPb.CreateResponse();
      const inputs = decode(r.getProperties());
      if (r.getPreview()) {
        out.setProperties(encode(withFiles((await provider.plan({ ...call(r, inputs), prior: null })).outputs, r.getProperties())));
        return out;
      }
      const made = await provider.create(call(r, inputs));
      out.setId(made.id);
      out.setProperties(encode(withFiles(outputsOf(made), r.getProperties())));
      return out;
    },
    update: async (r) => {
      const out = new providerPb.UpdateResponse();
      const change = { ...call(r, decode(r.getNews())), prior: prior(r.getId(), decode(r.getOlds()), decode(r.getOldInputs())) };
      out.setProperties(
        encode(withFiles(r.getPreview() ? (await provider.plan(change)).outputs : outputsOf(await provider.update(change)), r.getNews())),
      );
      return out;
    },
    read: async (r) => {
      const out = new providerPb.ReadResponse();
      const found = await provider.read({
        urn: r.getUrn(),
        type: typeOf(r.getUrn()),
        prior: prior(r.getId(), decode(r.getProperties()), decode(r.getInputs())),
      });
      if (!found) return out;
      out.setId(found.id);
      out.setProperties(encode(outputsOf(found)));
      out.setInputs(r.getInputs());
      return out;
    },
    delete: async (r) => {
      const inputs = decode(r.getOldInputs());
      await provider.delete({ ...call(r, inputs), prior: prior(r.getId(), decode(r.getProperties()), inputs) });
      return new empty.Empty();
    },
    invoke: async (r) => {
      const out = new providerPb.InvokeResponse();
      out.setReturn(encode(await provider.lookup(r.getTok(), decode(r.getArgs()))));
      return out;
    },
  };
}

/** A failed call. What was made all the same goes along as an initialisation error, as the bridge does it. */
function failure(error: unknown): grpc.ServiceError {
  const message = error instanceof Error ? error.message : String(error);
  const own = isProviderError(error) ? error.diagnostics.map((d) => d.message) : [];
  return Object.assign(new Error(message), {
    code: grpc.status.UNKNOWN,
    details: [...new Set([message, ...own])].join("; "),
    metadata: new grpc.Metadata(),
  });
}

/** A serving plugin. */
export interface PulumiPlugin {
  port: number;
  close(): Promise<void>;
}

/** Serves it on a free port of this machine. `slow` delays creates, updates and deletes, ms. */
export async function servePulumiPlugin(options: { slow?: number; env?: Record<string, string> } = {}): Promise<PulumiPlugin> {
  const providers = new Map<string, Provider>();
  const configured = (args: Props): Provider => {
    const endpoints = typeof args.endpoints === "string" ? JSON.parse(args.endpoints) : args.endpoints;
    const endpoint = String(endpoints?.[0]?.sqs ?? "");
    const known = providers.get(endpoint);
    if (known) return known;
    const made = makeAwsProvider({
      settings: { region: String(args.region), ...(endpoint ? { endpoint } : {}) },
      env: { ...process.env, ...options.env },
      plugin: pluginFile() as string,
      schemas: shippedSchema(),
      clock: systemClock,
    });
    providers.set(endpoint, made);
    return made;
  };
  const changing = new Set(["create", "update", "delete"]);
  const delay = (name: string, request: Message): number =>
    options.slow && changing.has(name) && !request.getPreview?.() ? options.slow : 0;
  const { port, close } = await serveHandlers(handlers(configured), delay);
  return {
    port,
    close: async () => {
      await close();
      for (const provider of providers.values()) await provider.close();
    },
  };
}

/** Serves a plugin's calls on a free port of this machine; `delay` says how long one waits first, ms. */
export async function serveHandlers(
  own: Record<string, (request: Message) => Promise<Message>>,
  delay: (name: string, request: Message) => number = () => 0,
): Promise<PulumiPlugin> {
  const server = new grpc.Server({ "grpc.max_receive_message_length": 1 << 28 });
  const implementation: Record<string, grpc.handleUnaryCall<Message, Message>> = {};
  for (const [name, handle] of Object.entries(own)) {
    implementation[name] = (call, callback) => {
      setTimeout(
        () => {
          handle(call.request).then(
            (reply) => callback(null, reply),
            (error) => callback(failure(error)),
          );
        },
        delay(name, call.request),
      );
    };
  }
  server.addService((providerGrpc as any).ResourceProviderService, implementation as never);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))),
  );
  return { port, close: async () => server.forceShutdown() };
}
