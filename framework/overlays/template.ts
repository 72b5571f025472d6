/** The grammar of `${...}` in text: variables, references, and `$${` for a literal `${`. */

/** A part of a text. */
export type TemplatePart =
  | { kind: "literal"; text: string }
  | { kind: "variable"; name: string; fallback?: string; written: string }
  | { kind: "reference"; component: string; output: string; written: string }
  | { kind: "wrong"; written: string; unclosed: boolean };

const VARIABLE = /^([A-Za-z_][A-Za-z0-9_]*)(?::-([\s\S]*))?$/;
const REFERENCE = /^((?:[a-z0-9][a-z0-9-]*\/)?[a-z0-9][a-z0-9-]*)\.([A-Za-z_][\w.[\]]*)$/;

/** Splits a text. `${a${b}c}` is taken to the matching brace, so a default may hold a variable. */
export function parseTemplate(text: string): TemplatePart[] {
  const out: TemplatePart[] = [];
  let literal = "";
  const flush = (): void => {
    if (literal !== "") out.push({ kind: "literal", text: literal });
    literal = "";
  };
  let at = 0;
  while (at < text.length) {
    if (text.startsWith("$${", at)) {
      literal += "${";
      at += 3;
    } else if (text.startsWith("${", at)) {
      flush();
      const end = closing(text, at + 2);
      const written = text.slice(at, end === undefined ? undefined : end + 1);
      out.push(end === undefined ? { kind: "wrong", written, unclosed: true } : partOf(text.slice(at + 2, end), written));
      at += written.length;
    } else {
      const next = text.indexOf("$", at + 1);
      const to = next < 0 ? text.length : next;
      literal += text.slice(at, to);
      at = to;
    }
  }
  flush();
  return out;
}

function closing(text: string, from: number): number | undefined {
  let open = 1;
  for (let i = from; i < text.length; i++) {
    if (text.startsWith("${", i)) {
      open++;
      i++;
    } else if (text[i] === "}" && --open === 0) return i;
  }
  return undefined;
}

function partOf(inner: string, written: string): TemplatePart {
  const variable = VARIABLE.exec(inner);
  if (variable) {
    const [, name, fallback] = variable;
    return { kind: "variable", name: name as string, written, ...(fallback !== undefined ? { fallback } : {}) };
  }
  const reference = REFERENCE.exec(inner);
  if (reference) return { kind: "reference", component: reference[1] as string, output: reference[2] as string, written };
  return { kind: "wrong", written, unclosed: false };
}
