/** Waiting for a service as a resource of Panka's own: it is there when the new version's tasks run, and fails when they do not. */
import type { PropertySchema, TypeSchema } from "./provider-schema.js";

/**
 * A service whose tasks are steady. Inputs: `cluster`, `service` (its name), `taskDefinition` (ARN), `failFast` (tasks that end alike before
 * it is given up) and `timeoutMinutes`. It is waited for again when its task definition changes. Deleting one does nothing.
 */
export const STEADY_TYPE = "panka:services/steadyState:SteadyState";

const text: PropertySchema = { type: "string", wire: "", required: true };
const count: PropertySchema = { type: "number", wire: "", required: true };

/** Its schema. */
export const STEADY_SCHEMA: TypeSchema = {
  token: STEADY_TYPE,
  wire: "",
  version: 0,
  taggable: false,
  properties: { cluster: text, service: text, taskDefinition: text, failFast: count, timeoutMinutes: count },
};
