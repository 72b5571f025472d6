/** Which attributes an index of a table holds. */
import type { ExpandContext } from "../../framework/model/index.js";

type Indexes = readonly { projection: string; nonKeyAttributes?: readonly string[] | undefined }[] | undefined;

const LISTS = ["globalSecondaryIndexes", "localSecondaryIndexes"] as const;

/** Reports attributes that are named without INCLUDE, and INCLUDE without any. */
export function checkProjections(props: { [list in (typeof LISTS)[number]]?: Indexes }, ctx: ExpandContext): void {
  for (const list of LISTS)
    for (const [i, { projection, nonKeyAttributes }] of (props[list] ?? []).entries()) {
      const needed = projection === "INCLUDE";
      if (needed === (nonKeyAttributes?.length ?? 0) > 0) continue;
      const what = `a projection ${projection} ${needed ? "needs" : "takes no"} nonKeyAttributes`;
      ctx.error("projection", what, `${list}[${i}]`, { expected: "projection INCLUDE with nonKeyAttributes, or neither" });
    }
}
