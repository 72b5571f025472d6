/** What stands in the local provider's model of the cloud, and what the state knows, in words that can be compared. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isOwnToken } from "../../framework/model/images.js";

interface Thing {
  type: string;
  id: string;
}

/** The file of the model of the cloud of a stack's folder. */
export const cloudFile = (folder: string): string => join(folder, ".panka", "local-cloud.json");

/** `<type> <id>` of what exists in the model of the cloud, sorted; nothing where there is none yet. */
export function cloudThings(folder: string): string[] {
  if (!existsSync(cloudFile(folder))) return [];
  const { resources } = JSON.parse(readFileSync(cloudFile(folder), "utf8")) as { resources: { [id: string]: Thing } };
  return thingsOf(resources);
}

/** `<type> <id>` of recorded resources, or of some that exist, sorted; what Panka makes itself stands in no cloud. */
export function thingsOf(resources: { [key: string]: Thing }): string[] {
  return Object.values(resources)
    .filter(({ type }) => !isOwnToken(type))
    .map(({ type, id }) => `${type} ${id}`)
    .sort();
}
