/** Fields that every component kind has. */
import type { z } from "zod";
import { anything, bool, group, listOf, mapOf, plainText, text } from "../../framework/model/fields.js";

/** Spread into the schema of every component kind. */
export const commonFields = {
  dependsOn: listOf(
    plainText("A component (`service/component`, or its bare name) or a service."),
    "What must be ready first, beyond what references say.",
  ).optional(),
  variables: mapOf(plainText("The value."), "Variables for `${NAME}` in this component's documents.").optional(),
  tags: mapOf(text("The value."), "Tags of all resources of the component, over those of stack and service.").optional(),
  protect: bool("Refuses to delete or replace the component's main resource unless it is named on the command line.", {
    default: "true for stateful kinds in production",
  }).optional(),
  outputs: mapOf(
    plainText("One of the component's outputs."),
    "Other names for outputs, which references and `panka outputs` know, too: `address: endpoint`.",
  ).optional(),
  override: listOf(
    group(
      {
        resource: plainText("The role of one of the component's resources, or `main`."),
        path: plainText("A property path in the resource's inputs, such as `redrivePolicy` or `tags.team`."),
        value: anything("The value; without one the property is removed.").optional(),
      },
      "One property.",
    ),
    "Escape hatch: sets properties of single resources after everything else.",
  ).optional(),
};

/** What a TypeScript construct may say about itself, as `metadata` does in YAML. */
export interface Metadata {
  /** For people; shown by status and in generated pages. */
  description?: string;
  /** For selection; not sent to the cloud. */
  labels?: { [key: string]: string };
  /** For tools, such as `panka.io/only-in`. */
  annotations?: { [key: string]: string };
  /** Of a Stack: the tenant whose network, tags and limits it has. */
  tenant?: string;
}

/** Props of a class: what its schema takes, and metadata. */
export type PropsOf<S extends z.ZodObject> = z.input<S> & { metadata?: Metadata };
