/** Property paths: the provider's attribute steps to Pulumi's spelling (`a.b[0].c`, odd keys as `["k"]`) and back into values. */
import type { PropertySchema } from "../../../model/index.js";
import type { PathStep } from "../protocol/client.js";

/** A part of a path: a member's name or a list index. */
export type PathPart = string | number;

/** Writes parts as text. */
export function formatPath(parts: readonly PathPart[]): string {
  let out = "";
  for (const part of parts) {
    if (typeof part === "number") out += `[${part}]`;
    else if (!/^[A-Za-z_$][\w$-]*$/.test(part)) out += `[${JSON.stringify(part)}]`;
    else out += out ? `.${part}` : part;
  }
  return out;
}

/** Reads a path's text into parts; text that is no path is one part. */
export function parsePath(path: string): PathPart[] {
  const parts: PathPart[] = [];
  const token = /\.?([^.[\]]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/gy;
  while (token.lastIndex < path.length) {
    const match = token.exec(path);
    if (!match) return [path];
    if (match[1] !== undefined) parts.push(match[1]);
    else if (match[2] !== undefined) parts.push(Number(match[2]));
    else parts.push(JSON.parse(match[3] as string) as string);
  }
  return parts;
}

/** The value at a path, or undefined. */
export function valueAt(value: unknown, parts: readonly PathPart[]): unknown {
  let at = value;
  for (const part of parts) {
    if (typeof at !== "object" || at === null) return undefined;
    at = (at as Record<PathPart, unknown>)[part];
  }
  return at;
}

/**
 * The provider's path in Pulumi's spelling. Steps into flattened lists vanish; a step that the schema does not know ends the
 * path there, so that a message still points near its place.
 */
export function fromSteps(properties: { [name: string]: PropertySchema }, steps: readonly PathStep[]): string {
  const parts: PathPart[] = [];
  let fields: { [name: string]: PropertySchema } | undefined = properties;
  let at: PropertySchema | undefined;
  let flat = false;
  for (const step of steps) {
    if (step.attribute_name) {
      const found: [string, PropertySchema] | undefined = Object.entries(fields ?? {}).find(([, p]) => p.wire === step.attribute_name);
      if (!found) break;
      parts.push(found[0]);
      at = found[1];
      fields = at.fields;
      flat = at.maxOne === true;
    } else if (step.element_key_string) {
      parts.push(step.element_key_string);
      at = at?.element;
      fields = at?.fields;
    } else {
      if (flat) flat = false;
      else {
        if (at?.type !== "set") parts.push(step.element_key_int ?? 0);
        at = at?.element;
        fields = at?.fields;
      }
    }
  }
  return formatPath(parts);
}

/** True if `path` is `other` or lies below it. */
export function isWithin(path: string, other: string): boolean {
  return path === other || path.startsWith(`${other}.`) || path.startsWith(`${other}[`);
}
