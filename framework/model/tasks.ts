/** One-off tasks as resources of Panka's own: a command that is run, with a new version's task definition, before its service gets it. */
import type { PropertySchema, TypeSchema } from "./provider-schema.js";

/**
 * A command that ran. Inputs: those of a TaskPlace, `command`, and `definition`: what its task definition runs, as text, where another one
 * may come to run the same. Outputs besides: `task` (ARN) and `exitCode` (0). It runs when its task definition (by `definition` where both
 * say it) or its command changes. Deleting one does nothing.
 */
export const TASK_TYPE = "panka:tasks/task:Task";

const text: PropertySchema = { type: "string", wire: "", required: true };
const texts: PropertySchema = { type: "list", wire: "", required: true, element: text };

/** Its schema. */
export const TASK_SCHEMA: TypeSchema = {
  token: TASK_TYPE,
  wire: "",
  version: 0,
  taggable: false,
  properties: {
    cluster: text,
    taskDefinition: text,
    container: text,
    command: texts,
    definition: { type: "string", wire: "" },
    launch: { type: "any", wire: "", required: true },
    subnets: texts,
    securityGroups: texts,
    assignPublicIp: { type: "boolean", wire: "", required: true },
    logGroup: text,
    task: { type: "string", wire: "", computed: true },
    exitCode: { type: "number", wire: "", computed: true },
  },
};
