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
  const flat = onOneLine(code);
  if (flat !== undefined && before + flat.length <= WIDTH) return flat;
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

function onOneLine(code: Code): string | undefined {
  if ("text" in code) return code.text.includes("\n") ? undefined : code.text;
  const parts = ("fields" in code ? code.fields.map(([, value]) => value) : "items" in code ? code.items : code.of).map(onOneLine);
  if (parts.includes(undefined)) return undefined;
  if ("items" in code) return `[${parts.join(", ")}]`;
  if ("call" in code) return `${code.call}(${parts.join(", ")})`;
  if (parts.length === 0) return "{}";
  return `{ ${code.fields.map(([name], i) => `${keyOf(name)}: ${parts[i]}`).join(", ")} }`;
}

function keyOf(name: string): string {
  return IDENTIFIER.test(name) ? name : JSON.stringify(name);
}
