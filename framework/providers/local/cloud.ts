/** The modelled cloud in memory: resources, and indexes over them that are built when the file is read. */
import { PankaError } from "../../base/errors.js";
import { isPlainObject, type Json, type JsonObject } from "../../base/json.js";

/** Version of the file's format. */
export const CLOUD_VERSION = 1;

/** One thing that "exists". The file may be edited by hand to play a change behind the tool's back. */
export interface CloudResource {
  type: string;
  id: string;
  /** Import id. */
  importId: string;
  /** `creating` until released, see the fault `hold`. */
  status: "ready" | "creating";
  /** Who made it; for people only. */
  urn: string;
  outputs: JsonObject;
  /** Wall time, ms, at which `creating` ends by itself. */
  heldUntil?: number;
}

/** The file. */
export interface CloudFile {
  version: typeof CLOUD_VERSION;
  note: string;
  account: string;
  /** Mixed into the hashes that stand for secret values. */
  salt: string;
  /** Grows with every resource. */
  serial: number;
  /** `<type> <id, ARN or name>` of what was deleted, oldest first: a reference to one is a missing parent. */
  gone: string[];
  /** Key: `<region>|<type>|<id>`. */
  resources: { [key: string]: CloudResource };
}

/** Deleted ids that are remembered. */
const GONE_MAX = 2000;

/** Resources with indexes. Not safe to share between files; one per read of the file. */
export class Cloud {
  private readonly types = new Map<string, Set<string>>();
  private readonly goneSet: Set<string>;
  /** True once something was put or removed. */
  dirty = false;

  constructor(readonly file: CloudFile) {
    this.goneSet = new Set(file.gone);
    for (const [key, resource] of Object.entries(file.resources)) this.index(key, resource.type);
  }

  private index(key: string, type: string): void {
    const set = this.types.get(type);
    if (set) set.add(key);
    else this.types.set(type, new Set([key]));
  }

  /** The resource, or undefined. */
  get(region: string, type: string, id: string): CloudResource | undefined {
    return this.file.resources[keyOf(region, type, id)];
  }

  /** All of a type in a region, in the order made. */
  *ofType(region: string, type: string): Iterable<CloudResource> {
    for (const key of this.types.get(type) ?? []) {
      const resource = this.file.resources[key];
      if (resource && key.startsWith(`${region}|`)) yield resource;
    }
  }

  /** All of a type in all regions, in the order made. */
  *anywhere(type: string): Iterable<CloudResource> {
    for (const key of this.types.get(type) ?? []) {
      const resource = this.file.resources[key];
      if (resource) yield resource;
    }
  }

  /** Adds or replaces. */
  put(region: string, resource: CloudResource): void {
    const key = keyOf(region, resource.type, resource.id);
    this.file.resources[key] = resource;
    this.index(key, resource.type);
    this.dirty = true;
  }

  /** Removes, and remembers its id and ARN. */
  remove(region: string, type: string, id: string): void {
    const key = keyOf(region, type, id);
    const resource = this.file.resources[key];
    if (!resource) return;
    delete this.file.resources[key];
    this.types.get(type)?.delete(key);
    const { arn, name } = resource.outputs;
    for (const ref of new Set([id, arn, name])) {
      const entry = `${type} ${ref}`;
      if (typeof ref !== "string" || this.goneSet.has(entry)) continue;
      this.goneSet.add(entry);
      this.file.gone.push(entry);
    }
    while (this.file.gone.length > GONE_MAX) this.goneSet.delete(this.file.gone.shift() as string);
    this.dirty = true;
  }

  /** True if something of that type and that id, ARN or name was here and was deleted. */
  wasHere(type: string, ref: string): boolean {
    return this.goneSet.has(`${type} ${ref}`);
  }

  /** The next serial number. */
  nextSerial(): number {
    this.file.serial += 1;
    this.dirty = true;
    return this.file.serial;
  }
}

/** Key of a resource in the file. */
export function keyOf(region: string, type: string, id: string): string {
  return `${region}|${type}|${id}`;
}

/** An empty cloud. */
export function emptyCloud(account: string, salt: string): CloudFile {
  return {
    version: CLOUD_VERSION,
    note: "A model of a cloud, kept by the local provider. Nothing in here exists anywhere else.",
    account,
    salt,
    serial: 0,
    gone: [],
    resources: {},
  };
}

/** Reads the file's text. Throws PankaError `local-cloud-broken` or `local-cloud-newer`; nothing is changed. */
export function parseCloud(text: string, path: string): CloudFile {
  const broken = (why: string) =>
    new PankaError("local-cloud-broken", `${path} is not a local cloud file: ${why}`, {
      next: `mend it, or delete it to begin with an empty cloud: rm ${path}`,
    });
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw broken(error instanceof Error ? error.message : "not JSON");
  }
  if (!isPlainObject(data) || typeof data.version !== "number") throw broken("it has no version");
  if (data.version > CLOUD_VERSION)
    throw new PankaError("local-cloud-newer", `${path} has version ${data.version}; this program reads versions up to ${CLOUD_VERSION}`, {
      next: "use the version of Panka that wrote it, or delete the file",
    });
  if (!isPlainObject(data.resources)) throw broken('"resources" is not a map');
  for (const [key, r] of Object.entries(data.resources))
    if (!isPlainObject(r) || typeof r.type !== "string" || typeof r.id !== "string" || !isPlainObject(r.outputs))
      throw broken(`resource ${JSON.stringify(key)} needs type, id and outputs`);
  const base = emptyCloud("", "");
  return { ...base, ...(data as unknown as CloudFile), gone: Array.isArray(data.gone) ? (data.gone as string[]) : [] };
}

const texts = new WeakMap<CloudResource, string>();

/** The file's text: one block per resource, in key order. A resource's text is kept as long as the object is the same. */
export function printCloud(file: CloudFile): string {
  const { resources, ...head } = file;
  const blocks = Object.keys(resources)
    .sort()
    .map((key) => {
      const resource = resources[key] as CloudResource;
      let text = texts.get(resource);
      if (text === undefined) {
        text = JSON.stringify(resource as unknown as Json, null, 2).replaceAll("\n", "\n    ");
        texts.set(resource, text);
      }
      return `    ${JSON.stringify(key)}: ${text}`;
    });
  const front = JSON.stringify(head, null, 2).slice(0, -2);
  return `${front},\n  "resources": {${blocks.length ? `\n${blocks.join(",\n")}\n  ` : ""}}\n}\n`;
}
