/** What a stack of several regions has one of: made in the stack's own region, joined or looked up in the others. */
import { type NameRule, physicalName } from "../../framework/base/names.js";
import type { ExpandContext } from "../../framework/model/index.js";

/** True in the stack's own region, the first one, and where it has no other. */
export function isHome({ region, regions }: Pick<ExpandContext, "region" | "regions">): boolean {
  return regions.length < 2 || region === regions[0];
}

/** A name that the part of each region knows: made of the URN alone, as the other regions' states do not know what the first one made. */
export function nameForAll(rule: NameRule, urn: string): string {
  return physicalName(rule, "", urn, 0);
}
