/** Lives of components: how one begins, how it is changed in place, and how so that something of it is replaced; as documents. */
import { registry } from "../../constructs/registry.js";
import { isPlainObject } from "../../framework/base/json.js";
import { stackHead } from "./stack-text.js";

/** Fields of a spec. */
export type Fields = { [field: string]: unknown };

/** One component's life. `change` and `replace` are laid over the fields before, deeply; lists and texts go whole. */
export interface Life {
  kind: string;
  name: string;
  spec: Fields;
  /** Sections of a ComponentInfra document. */
  infra?: Fields;
  /** A text: why it is not changed. */
  change: { spec?: Fields; infra?: Fields } | string;
  /** A text: why nothing of it is replaced. */
  replace: { spec?: Fields; infra?: Fields } | string;
  /** Of an infra kind: the resources, `service/component[/role]`, that its change changes in place or takes away, and that its replacement replaces. */
  shows?: { change?: string; replace?: string };
}

/** How far a life has come. */
export type Stage = "new" | "changed" | "replaced";

/** Lays fields over fields, deeply; null removes. */
function over(base: Fields, patch: Fields): Fields {
  const out = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    const inner = out[key];
    if (value === null) delete out[key];
    else out[key] = isPlainObject(value) && isPlainObject(inner) ? over(inner, value) : value;
  }
  return out;
}

/** The documents of a component, or of an infra kind, at a stage, as YAML. */
export function documentsOf(life: Life, stage: Stage): string {
  const later = [stage === "new" ? "" : life.change, stage === "replaced" ? life.replace : ""].filter((patch) => typeof patch !== "string");
  const spec = later.reduce((fields, { spec = {} }) => over(fields, spec), life.spec);
  const infra = later.reduce((fields, { infra = {} }) => over(fields, infra), life.infra ?? {});
  const document = (group: string, kind: string, fields: Fields): string =>
    `---\napiVersion: ${group}.panka.io/v1\nkind: ${kind}\nmetadata: { name: ${life.name} }\nspec: ${JSON.stringify(fields)}\n`;
  const own = document(groupOf(life.kind), life.kind, spec);
  return own + (Object.keys(infra).length === 0 ? "" : document("infra", "ComponentInfra", infra));
}

/** A stack with the components of these lives in its service `app`, all at one stage. */
export function stackOf(name: string, lives: readonly Life[], stage: Stage): string {
  return stackHead(name) + lives.map((life) => documentsOf(life, stage)).join("");
}

/** True for a life of an infra kind: it makes no component. */
export function isInfra({ kind }: Life): boolean {
  return groupOf(kind) === "infra";
}

function groupOf(kind: string): string {
  return registry.kinds.find(({ name }) => name === kind)?.group ?? "components";
}
