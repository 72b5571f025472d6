/** The AWS provider as Pulumi has it: the package that is a bridge of the plugin that this provider drives, and its configuration. */
import { emulatorSettings, type AwsSettings } from "./settings.js";
import type { AwsSchemaIndex } from "./schema-index.js";
import type { SchemaIndex } from "../../model/index.js";

/** @pulumi/aws of the version that bridges the shipped plugin version. */
const PACKAGE = { name: "aws", version: "6.83.4" };

/** Package and provider inputs for the same settings that the plugin gets. Nested values are JSON text, as Pulumi's own classes send them. */
export function pulumiPackage(
  schemas: SchemaIndex,
  settings: AwsSettings,
): { name: string; version: string; inputs: { [key: string]: string } } {
  const values: { [name: string]: unknown } = { region: settings.region };
  if (settings.profile) values.profile = settings.profile;
  if (settings.assumeRoleArn) values.assumeRole = { roleArn: settings.assumeRoleArn, sessionName: "panka" };
  if (settings.endpoint) Object.assign(values, emulatorSettings((schemas as AwsSchemaIndex).config(), settings.endpoint));
  const inputs = Object.entries(values).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]);
  return { ...PACKAGE, inputs: Object.fromEntries(inputs) };
}
