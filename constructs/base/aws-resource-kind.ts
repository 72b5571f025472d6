/**
 * Resource: any resource type of the provider, by its token; with `engine: pulumi` of any other Pulumi package, too. What it costs is what
 * the type costs.
 *
 *   kind: Resource                                     # YAML; in TypeScript: AwsResource of "panka/aws", PulumiResource of "panka/pulumi"
 *   metadata: { name: table }
 *   spec: { type: "aws:glue/catalogDatabase:CatalogDatabase", props: { name: events } }
 */
import { z } from "zod";
import { isPlainObject } from "../../framework/base/json.js";
import { packageOf } from "../../framework/base/names.js";
import { anything, bool, group, int, listOf, mapOf, plainText } from "../../framework/model/fields.js";
import type { ResourceOptions, Value } from "../../framework/model/index.js";
import { commonFields } from "./common.js";
import { defineKind } from "./kind.js";

const seconds = (of: string) => int(`Longest ${of}.`, 1, undefined, { unit: "seconds" }).optional();

/** Spec of the kind Resource. */
export const resourceSchema = z.strictObject({
  type: plainText("The type's token, such as `aws:glue/catalogDatabase:CatalogDatabase`."),
  props: mapOf(anything("The value."), "The type's inputs, in @pulumi/aws's spelling.").optional(),
  options: group(
    {
      protect: bool("Refuses delete and replace.", { default: false }).optional(),
      ignoreChanges: listOf(plainText("A property path."), "Properties whose changes are ignored after create.").optional(),
      deleteBeforeReplace: bool("Deletes the old one before its successor is made.", { default: false }).optional(),
      aliases: listOf(plainText("A URN."), "URNs that this resource had before.").optional(),
      retainOnDelete: bool("Keeps it in the cloud when it is deleted here.", { default: false }).optional(),
      timeouts: group({ create: seconds("create"), update: seconds("update"), delete: seconds("delete") }, "How long to wait.").optional(),
    },
    "How the resource is treated.",
  ).optional(),
  ...commonFields,
});

/** True for a whole token of another Pulumi package than the provider's: only Pulumi has a plugin for it. */
function isForeign(token: string): boolean {
  return /^[a-z][a-z0-9-]*:[^:]+:[^:]+$/.test(token) && packageOf(token) !== "aws";
}

/** Kind `Resource`. */
export const resourceKind = defineKind({
  name: "Resource",
  aliases: ["AwsResource"],
  group: "components",
  summary: "Any resource type of the provider, by its token.",
  schema: resourceSchema,
  infra: [],
  outputs: {},
  hasOutput: () => true,
  stateful: false,
  expand(props, ctx) {
    const inputs = (props.props ?? {}) as { [key: string]: Value };
    const tags = inputs.tags ?? {};
    const tagged =
      (props.tags || inputs.tags !== undefined) && isPlainObject(tags) ? { ...inputs, tags: { ...ctx.tags, ...tags } } : inputs;
    const options = { ...props.options, ...(isForeign(props.type) ? { engine: "pulumi" } : {}) };
    ctx.resource(undefined, props.type, tagged, { options: options as ResourceOptions });
    return { outputs: {}, bindings: { grants: {}, inject: {} } };
  },
});
