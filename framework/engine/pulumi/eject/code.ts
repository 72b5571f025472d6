/** TypeScript expressions as a small tree, printed on one line where they fit and indented where not. */

/** An expression. */
export type Code = { text: string } | { fields: [name: string, value: Code][] } | { items: Code[] } | { call: string; of: Code[] };

/** Longest line of what is printed, characters. */
const WIDTH = 120;
const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** A JSON value as an expression. */
export function literal(value: unknown): Code {
  if (Array.isArray(value)) return { items: value.map(literal) };
  if (typeof value === "object" && value !== null) return { fields: Object.entries(value).map(([k, v]) => [k, literal(v)]) };
  return { text: JSON.stringify(value) };
}

/** Prints it; `indent` is that of the line it begins on, spaces, and `before` how long that line is already. */
export function print(code: Code, indent = 0, before = indent): string {
  if ("text" in code) return code.text;
  const flat = flatOf(code, keyOf);
  if (!flat.includes("\n") && before + flat.length <= WIDTH) return flat;
  const inner = indent + 2;
  const lines = (of: string[]): string => of.map((line) => `${" ".repeat(inner)}${line},\n`).join("");
  const end = " ".repeat(indent);
  if ("items" in code) return `[\n${lines(code.items.map((item) => print(item, inner)))}${end}]`;
  if ("call" in code) return callText(code.call, code.of, indent, before);
  const named = code.fields.map(([name, value]) => {
    const key = `${keyOf(name)}: `;
    return `${key}${print(value, inner, inner + key.length)}`;
  });
  return `{\n${lines(named)}${end}}`;
}

/** Arguments stay on the line of the call; the parts of the last one that need room go below it. */
function callText(call: string, args: readonly Code[], indent: number, before: number): string {
  let text = `${call}(`;
  for (const [i, arg] of args.entries()) {
    const at = text.includes("\n") ? text.length - text.lastIndexOf("\n") : before + text.length;
    text += `${i > 0 ? ", " : ""}${print(arg, indent, at)}`;
  }
  return `${text})`;
}

/** Prints it without line breaks of its own, however long it is; every key in quotes. */
export function inline(code: Code): string {
  return flatOf(code, JSON.stringify);
}

function flatOf(code: Code, key: (name: string) => string): string {
  if ("text" in code) return code.text;
  if ("items" in code) return `[${code.items.map((item) => flatOf(item, key)).join(", ")}]`;
  if ("call" in code) return `${code.call}(${code.of.map((arg) => flatOf(arg, key)).join(", ")})`;
  if (code.fields.length === 0) return "{}";
  return `{ ${code.fields.map(([name, value]) => `${key(name)}: ${flatOf(value, key)}`).join(", ")} }`;
}

/** A property's name as code: in quotes unless it is an identifier. */
export function keyOf(name: string): string {
  return IDENTIFIER.test(name) ? name : JSON.stringify(name);
}
