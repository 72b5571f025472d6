/** Sections of ComponentInfra in a component's documents: which apply, and which the component's own document says. */
import { isPlainObject } from "../base/json.js";
import type { SourcePosition } from "../base/diagnostics.js";
import type { Kind } from "../model/kind.js";
import type { ModelDocument } from "../model/stack-model.js";
import { checkSpec } from "./check.js";
import { type Layered, layer, locate } from "./layered.js";
import { withoutPaths } from "./normalize.js";
import type { Resolution } from "./resolve.js";
import { writerOf } from "./writer.js";

type Spec = { [key: string]: unknown };

/** Which sections these layers of a component's own document say, each with the place of its first field. */
export function sectionsSaid(layers: readonly Layered[], kind: Kind): { section: string; at?: SourcePosition }[] {
  return kind.infra.flatMap((section) => {
    const said = layers.find(({ value }) => isPlainObject(value) && value[section] !== undefined);
    if (!said) return [];
    const fields = (said.value as Spec)[section];
    const [first] = isPlainObject(fields) ? Object.keys(fields) : [];
    const at = locate(said.trace, first === undefined ? [section] : [section, first]);
    return [{ section, ...(at ? { at } : {}) }];
  });
}

/** Sections that the kind takes. In defaults the others are ignored; in a ComponentInfra document they are errors. */
export function onlySections(
  spec: Spec,
  sections: readonly string[],
  part: "defaults" | "infra",
  d: ModelDocument,
  subject: string,
  kind: Kind | undefined,
  r: Resolution,
): Spec {
  const known = Object.keys(r.registry.find("ComponentInfra")?.schema.shape ?? {});
  const out: Spec = Object.create(null) as Spec;
  for (const [key, value] of Object.entries(part === "defaults" ? withoutPaths(spec, kind?.infraExcept ?? []) : spec)) {
    if (sections.includes(key)) out[key] = value;
    else if (part === "infra" && known.includes(key)) {
      r.bag.error("section-does-not-apply", `${key} does not apply to a ${kind?.name ?? "component"}`, {
        ...(d.source(key) ?? d.source("")),
        path: `${subject}.spec.${key}`,
        expected: sections.length > 0 ? `one of ${sections.join(", ")}` : `no ComponentInfra: a ${kind?.name ?? "component"} takes none`,
      });
    } else if (part === "infra")
      checkSpec(layer({ [key]: value }, writerOf(d, false)), { schema: infraSchema(r), name: subject, partial: true }, r.bag);
  }
  return out;
}

function infraSchema(r: Resolution) {
  const kind = r.registry.find("ComponentInfra");
  if (!kind) throw new TypeError("the registry has no ComponentInfra");
  return kind.schema;
}
