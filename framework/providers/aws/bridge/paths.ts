/** Property paths: the provider's attribute steps to Pulumi's spelling. */
import { joinPath } from "../../../base/property-path.js";
import type { PropertySchema } from "../../../model/index.js";
import type { PathStep } from "../protocol/client.js";

/** A part of a path: a member's name or a list index. */
export type PathPart = string | number;

/** Writes parts as text. */
export function formatPath(parts: readonly PathPart[]): string {
  return parts.reduce<string>(joinPath, "");
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
