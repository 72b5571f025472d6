/** Calls of Amazon ECS by the names of its API reference, and what its answers list. */
import type { Json } from "../../base/json.js";
import type { Call } from "./signed-call.js";

/** A structure of the API. */
export type Item = { [key: string]: Json };

/** Calls an operation, such as `RunTask`. Throws CallError. */
export function callEcs(call: Call, operation: string, input: Item): Promise<Item> {
  return call("ecs", `AmazonEC2ContainerServiceV20141113.${operation}`, input);
}

/** The structures of a list; none where the answer has no such list. */
export function itemsOf(value: Json | undefined): Item[] {
  return Array.isArray(value) ? (value as Item[]) : [];
}
