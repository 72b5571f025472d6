/** JSON Schema (draft 2020-12) from field schemas: for the reference page, and for editors, which see YAML before variables are filled in. */
import { z } from "zod";
import { type FieldSort, sortOf } from "./fields.js";

/** A JSON Schema. */
export type JsonSchema = { [key: string]: any };

/** What fields are: references appear as text, fields that are not built as never valid. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return converted(schema, () => {});
}

/**
 * What may be written in YAML: numbers and booleans also as text or as `${...}`, text also as an unquoted number or boolean, a reference
 * also as `valueFrom`. It refuses nothing that the check accepts.
 */
export function writtenSchemaOf(schema: z.ZodType): JsonSchema {
  return converted(schema, loosen);
}

function converted(schema: z.ZodType, adapt: (json: JsonSchema, sort: FieldSort | undefined) => void): JsonSchema {
  return z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema: json }) => {
      const sort = sortOf(zodSchema);
      if (sort === "text" && !json.anyOf && !Array.isArray(json.type)) json.type = "string";
      delete (json as JsonSchema).panka;
      delete (json as JsonSchema).sameNames;
      if ("standard" in json) {
        json.default = json.standard as string;
        delete json.standard;
      }
      adapt(json, sort);
    },
  }) as JsonSchema;
}

/** `${` that is not `$${`: the text is filled in before the check. */
const FILLED = "(^|[^$])\\$\\{";
const NUMBER = "^\\s*([-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d+)?|0x[0-9a-fA-F]+|0o[0-7]+)\\s*$";
const BOOLEAN = "^\\s*([tT][rR][uU][eE]|[fF][aA][lL][sS][eE])\\s*$";

const VALUE_FROM = {
  type: "object",
  required: ["valueFrom"],
  additionalProperties: false,
  properties: {
    valueFrom: {
      type: "object",
      required: ["component", "output"],
      additionalProperties: false,
      properties: { component: { type: "string" }, output: { type: "string" } },
    },
  },
};

/** Keys that belong to a field, not to one way of writing it. */
const ABOUT = ["title", "description", "default", "unit"];

function loosen(json: JsonSchema, sort: FieldSort | undefined): void {
  // A wrapper (optional) is handed over with what was made of the field in it.
  if (json.anyOf || Array.isArray(json.type)) return;
  if (json.type === "integer" || json.type === "number") alsoAs(json, { type: "string", pattern: `${FILLED}|${NUMBER}` });
  else if (json.type === "boolean") alsoAs(json, { type: "string", pattern: `${FILLED}|${BOOLEAN}` });
  else if (json.enum) alsoAs(json, { type: "string", pattern: FILLED }, ...unquoted(json.enum));
  else if (sort === "text") alsoAs(json, { type: ["number", "boolean"] }, VALUE_FROM);
  else if (sort === "plain-text") {
    delete json.minLength;
    alsoAs(json, { type: "string", pattern: FILLED }, { type: ["number", "boolean"] });
  }
}

/** Words that YAML takes for numbers where they are not quoted. */
function unquoted(words: readonly unknown[]): JsonSchema[] {
  const numbers = words.map(Number).filter((n) => !Number.isNaN(n));
  return numbers.length > 0 ? [{ enum: numbers }] : [];
}

function alsoAs(json: JsonSchema, ...others: JsonSchema[]): void {
  const own: JsonSchema = {};
  for (const key of Object.keys(json)) {
    if (ABOUT.includes(key)) continue;
    own[key] = json[key];
    delete json[key];
  }
  json.anyOf = [own, ...others];
}
