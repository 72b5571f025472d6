/** The secrets that a plan or run knows, to take them out of what a provider writes. */
import { getPath } from "../base/property-path.js";
import { redactor } from "../base/redact.js";
import type { ResourceState } from "../model/state-file.js";

/** Texts below these secret paths of a value. */
export function secretTexts(value: unknown, paths: readonly string[]): string[] {
  return paths.flatMap((path) => textsIn(path === "" ? value : getPath(value, path)));
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** A function that masks the secrets of these resources, and these others, in texts. */
export function secretRedactor(resources: Iterable<ResourceState>, others: Iterable<string> = []): (text: string) => string {
  const secrets = [...others];
  for (const { inputs, outputs, secretPaths } of resources) secrets.push(...secretTexts({ inputs, outputs }, secretPaths));
  return redactor(secrets);
}
