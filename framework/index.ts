/** What users of the package see of the framework: values, references, errors, and the contracts for kinds of their own. */
export { isPankaError, PankaError } from "./base/errors.js";
export { defineConfig, type PankaConfig } from "./model/config.js";
export { isRef, isText, Ref, Text, text } from "./model/values.js";
export type { Access, Bindings, Grant, Link } from "./model/bindings.js";
export type {
  AssetRequest,
  BoundTarget,
  ExpandContext,
  Expansion,
  InfraSection,
  Kind,
  Registry,
  ResourceExtra,
} from "./model/kind.js";
export type { ActionSpec, ProbeSpec, ResourceHandle, ResourceOptions, ResourceSpec } from "./model/resource.js";
export type { EnvironmentClass, ModelInput } from "./model/stack-model.js";
export type { Value } from "./model/values.js";
