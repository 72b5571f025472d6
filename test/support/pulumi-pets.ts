/** A Pulumi package of the tests' own, `pets`, with one type: what a user's own package is to Panka. Its protocol is the real one. */
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import pluginPb from "@pulumi/pulumi/proto/plugin_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import structPb from "google-protobuf/google/protobuf/struct_pb.js";
import { type PulumiPlugin, serveHandlers } from "./pulumi-plugin.js";

/** What a stack imports: the class as Pulumi's generators write it. */
export const PETS_MODULE = `import * as pulumi from "@pulumi/pulumi";
export interface PetArgs { owner: pulumi.Input<string>; kind?: pulumi.Input<string> }
export class Pet extends pulumi.CustomResource {
  static readonly __pulumiType = "pets:index:Pet";
  declare readonly tag: pulumi.Output<string>;
  constructor(name: string, args: PetArgs, opts?: pulumi.CustomResourceOptions) {
    super(Pet.__pulumiType, name, { ...args, tag: undefined }, opts);
  }
}
`;

/** The same class as an npm package, file by file, as Pulumi's generators lay it out. */
export const PETS_PACKAGE: Record<string, string> = {
  "package.json": JSON.stringify({ name: "@acme/pulumi-pets", version: "1.2.0", pulumi: { resource: true, name: "pets" } }),
  "index.js": `const pulumi = require("@pulumi/pulumi");
class Pet extends pulumi.CustomResource {
  constructor(name, args, opts) {
    super("pets:index:Pet", name, { ...args, tag: undefined }, pulumi.mergeOptions({ version: "1.2.0" }, opts));
  }
}
Pet.__pulumiType = "pets:index:Pet";
exports.Pet = Pet;
`,
  "index.d.ts": `import * as pulumi from "@pulumi/pulumi";
export declare class Pet extends pulumi.CustomResource {
  readonly tag: pulumi.Output<string>;
  constructor(name: string, args: { owner: pulumi.Input<string>; kind?: pulumi.Input<string> }, opts?: pulumi.CustomResourceOptions);
}
`,
};

const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A serving plugin and what it holds: id -> inputs. */
export interface Pets extends PulumiPlugin {
  living: Map<string, Record<string, unknown>>;
}

type Message = any;

/** Serves it. A pet's `tag` is made of its owner; another owner is another pet. */
export async function servePets(): Promise<Pets> {
  const living = new Map<string, Record<string, unknown>>();
  let born = 0;
  const struct = (values: object): Message => structPb.Struct.fromJavaScript(values as never);
  const read = (of: Message): Record<string, unknown> => of?.toJavaScript() ?? {};
  const outputs = (inputs: Record<string, unknown>): Message =>
    struct({ ...inputs, tag: inputs.owner === UNKNOWN_TEXT ? UNKNOWN_TEXT : `pet of ${inputs.owner}` });
  const plugin = await serveHandlers({
    handshake: async () => new providerPb.ProviderHandshakeResponse(),
    attach: async () => new empty.Empty(),
    cancel: async () => new empty.Empty(),
    getPluginInfo: async () => {
      const info = new pluginPb.PluginInfo();
      info.setVersion("1.0.0");
      return info;
    },
    checkConfig: async (r) => checked(r),
    diffConfig: async () => new providerPb.DiffResponse(),
    configure: async () => {
      const out = new providerPb.ConfigureResponse();
      out.setSupportspreview(true);
      return out;
    },
    check: async (r) => checked(r),
    diff: async (r) => {
      const [before, after] = [read(r.getOldInputs()), read(r.getNews())];
      const out = new providerPb.DiffResponse();
      const changed = ["owner", "kind"].filter((key) => before[key] !== after[key]);
      out.setChanges(changed.length > 0 ? 2 : 1);
      out.setDiffsList(changed);
      out.setReplacesList(changed.filter((key) => key === "owner"));
      return out;
    },
    create: async (r) => {
      const inputs = read(r.getProperties());
      const out = new providerPb.CreateResponse();
      out.setProperties(outputs(inputs));
      if (r.getPreview()) return out;
      const id = `pet-${++born}`;
      living.set(id, inputs);
      out.setId(id);
      return out;
    },
    update: async (r) => {
      const out = new providerPb.UpdateResponse();
      if (!r.getPreview()) living.set(r.getId(), read(r.getNews()));
      out.setProperties(outputs(read(r.getNews())));
      return out;
    },
    delete: async (r) => {
      living.delete(r.getId());
      return new empty.Empty();
    },
  });
  return { ...plugin, living };
}

function checked(request: Message): Message {
  const out = new providerPb.CheckResponse();
  out.setInputs(request.getNews());
  return out;
}
