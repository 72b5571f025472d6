/**
 * Names on both sides of the bridge: the provider writes snake_case and singular list names, Pulumi camelCase and plurals.
 * The rules are those of Pulumi's Terraform bridge; where the SDK leaves them, the exceptions data says so.
 */

/** Words whose plural follows no rule. They apply to a whole name only, never to its tail. */
const IRREGULAR: { [word: string]: string } = { child: "children", person: "people", man: "men" };

/** Words that are their own plural, as whole names. */
const UNINFLECTED = new Set(["information", "equipment", "news", "series", "species", "corps", "rice", "money", "fish", "sheep", "deer"]);

/** Tail rules; the first that matches wins. Order and text are the bridge's. */
const TAILS: readonly (readonly [RegExp, string])[] = [
  [/(status)$/i, "$1es"],
  [/(quiz)$/i, "$1zes"],
  [/^(ox)$/i, "$1en"],
  [/([ml])ouse$/i, "$1ice"],
  [/(matr|vert|ind)(?:ix|ex)$/i, "$1ices"],
  [/(x|ch|ss|sh)$/i, "$1es"],
  [/([^aeiouy]|qu)y$/i, "$1ies"],
  [/(hive)$/i, "$1s"],
  [/([^f])fe$/i, "$1ves"],
  [/([lre])f$/i, "$1ves"],
  [/sis$/i, "ses"],
  [/([ti])um$/i, "$1a"],
  [/person$/i, "people"],
  [/man$/i, "men"],
  [/child$/i, "children"],
  [/(buffal|tomat)o$/i, "$1oes"],
  [/(alumn|bacill|cact|foc|fung|nucle|radi|stimul|syllab|termin|vir)us$/i, "$1i"],
  [/us$/i, "uses"],
  [/(alias)$/i, "$1es"],
  [/(ax|cris|test)is$/i, "$1es"],
  [/s$/i, "s"],
  [/$/, "s"],
];

/** The English plural of a snake_case name, as the bridge forms it. */
export function plural(name: string): string {
  const word = IRREGULAR[name.toLowerCase()];
  if (word) return word;
  if (UNINFLECTED.has(name.toLowerCase()) || /media$/i.test(name)) return name;
  for (const [tail, replacement] of TAILS) if (tail.test(name)) return name.replace(tail, replacement);
  return name;
}

/** snake_case to camelCase: `_` goes after the first other character, the next letter is made a capital; one trailing `_` stays. */
export function camel(name: string): string {
  let out = "";
  let started = false;
  let up = false;
  for (let i = 0; i < name.length; i++) {
    const c = name.charAt(i);
    if (c === "_" && started && i < name.length - 1) {
      up = true;
      continue;
    }
    if (c !== "_") started = true;
    out += up && c >= "a" && c <= "z" ? c.toUpperCase() : c;
    up = false;
  }
  return out;
}

/**
 * The Pulumi names of the members of one object.
 * @param members wire name -> whether it is a list or set that stays one (and so takes a plural)
 * @param override the exceptions' name of a member, if it has one
 * @returns wire name -> Pulumi name
 */
export function memberNames(members: Map<string, boolean>, override: (wire: string) => string | undefined): Map<string, string> {
  const out = new Map<string, string>();
  for (const [wire, many] of members) {
    const given = override(wire);
    if (given !== undefined) {
      out.set(wire, given);
      continue;
    }
    const more = many ? plural(wire) : wire;
    const taken = more !== wire && members.has(more) && override(more) === undefined;
    out.set(wire, camel(taken ? wire : more));
  }
  return out;
}
