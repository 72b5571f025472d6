/** The stack that a simulation deploys: versions that create, change, replace and remove resources of every probe class. */
import { SHARED_SERVICE } from "../../framework/base/names.js";
import type { Assembly } from "../../framework/model/assembly.js";
import type { ResourceSpec } from "../../framework/model/resource.js";
import type { Value } from "../../framework/model/values.js";
import { assembly, ref, resource } from "../support/engine-world.js";
import { LEAF, NODE, THING } from "../support/memory-provider.js";
import type { Chance } from "./chance.js";

/** A text that no store may ever hold in clear. */
export const CANARY = "canary-5f3a9c-secret";
/** The look-up that gives it. */
export const SECRET_LOOKUP = "test:index/getSecret:getSecret";

/** A resource over all versions. */
interface Plot {
  where: string;
  type: string;
  parent: string | undefined;
  secret: boolean;
  /** By version: size and kind; undefined: not in this version. */
  versions: ({ size: number; kind: string } | undefined)[];
}

/** How a stack is drawn. */
export interface StackShape {
  resources: number;
  versions: number;
  /** With a resource that can't be probed for. */
  leaf: boolean;
  /** With a resource that belongs to the whole stack, and that others need. */
  shared: boolean;
}

/** Draws a stack; the result gives the assembly of each version. */
export function drawStack(chance: Chance, shape: StackShape): { versions: Assembly[] } {
  const plots: Plot[] = [];
  for (let i = 0; i < shape.resources; i++) {
    const type = shape.leaf && i === shape.resources - 1 ? LEAF : i > 0 && chance.is(0.4) ? NODE : THING;
    const where = shape.shared && i === 0 ? `${SHARED_SERVICE}/network` : `${chance.pick(["orders", "users", "web"])}/c${i}`;
    const owners = plots.filter((p) => p.type === THING && p.versions.every(Boolean));
    const parent = owners.length > 0 && chance.is(0.5) ? chance.pick(owners).where : undefined;
    const versions: Plot["versions"] = [];
    let size = 1;
    let kind = "a";
    const optional = i > 2 && chance.is(0.4);
    for (let v = 0; v < shape.versions; v++) {
      if (chance.is(0.4)) size += 1;
      if (v > 0 && chance.is(0.15)) kind = kind === "a" ? "b" : "a";
      versions.push(optional && chance.is(0.4) ? undefined : { size, kind });
    }
    plots.push({ where, type, parent, secret: chance.is(0.3), versions });
  }
  const all = Array.from({ length: shape.versions }, (_, v) => assembly(plots.flatMap((p) => specOf(p, v))));
  return { versions: all };
}

function specOf(plot: Plot, version: number): ResourceSpec[] {
  const at = plot.versions[version];
  if (!at) return [];
  const props: { [key: string]: Value } = { size: at.size, kind: at.kind };
  if (plot.parent !== undefined) props["parent"] = ref(plot.parent, "arn");
  if (plot.secret) props["password"] = { $secret: { $lookup: { token: SECRET_LOOKUP, args: {}, output: "secret" } } } as Value;
  return [resource(plot.where, props, { type: plot.type })];
}
