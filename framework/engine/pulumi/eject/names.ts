/** Names in an ejected program: variables of resources, classes of types. */
import { parseUrn } from "../../../base/names.js";

/** Words that can't be a variable here. */
const TAKEN = new Set(
  (
    "await break case catch class const continue debugger default delete do else enum export extends false finally for function if import in " +
    "instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while " +
    "with yield pulumi outputs require module exports arguments eval"
  ).split(" "),
);

/** A variable for each URN, in the given order: service, component and role in camel case. `reserved`: names of imports. */
export function variablesOf(urns: readonly string[], reserved: readonly string[]): Map<string, string> {
  const used = new Set([...TAKEN, ...reserved]);
  const out = new Map<string, string>();
  for (const urn of urns) {
    const { service, component, role } = parseUrn(urn);
    const wanted = camelCase([service, component, role ?? ""].join("-"));
    let name = wanted;
    for (let i = 2; used.has(name); i++) name = `${wanted}${i}`;
    used.add(name);
    out.set(urn, name);
  }
  return out;
}

function camelCase(text: string): string {
  const [first = "", ...rest] = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const name = first + rest.map((word) => (word[0] ?? "").toUpperCase() + word.slice(1)).join("");
  return /^[0-9]/.test(name) ? `_${name}` : name;
}

/** `pkg:module/thing:Thing` -> `pkg.module.Thing`: where Pulumi's Node packages export the class of a type or the function of a look-up. */
export function memberOf(token: string): string {
  const [name = "", module = "", member = ""] = token.split(":");
  const [folder = ""] = module.split("/");
  return [identifierOf(name), ...(folder === "index" || folder === "" ? [] : [folder]), member].join(".");
}

/** What a package is imported as: `azureNative` for `azure-native`. */
export function identifierOf(name: string): string {
  return camelCase(name);
}

/** The name of a class that is declared in the program: `PetsPet` for `pets:index:Pet`. */
export function classOf(token: string): string {
  const [name = "", module = "", member = ""] = token.split(":");
  const [folder = ""] = module.split("/");
  return ["", name, ...(folder === "index" ? [] : [folder]), member]
    .flatMap((part) => part.split(/[^A-Za-z0-9]+/))
    .map((word) => (word[0] ?? "").toUpperCase() + word.slice(1))
    .join("");
}
