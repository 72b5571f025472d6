/** All contracts: types and ports shared by the folders. */
export * from "./assembly.js";
export * from "./cipher.js";
export * from "./clock.js";
export * from "./events.js";
export * from "./faults.js";
export * from "./journal.js";
export * from "./kind.js";
export * from "./locker.js";
export * from "./plan.js";
export * from "./provider.js";
export * from "./provider-schema.js";
export * from "./resource.js";
export * from "./scopes.js";
export * from "./stack-model.js";
export * from "./state-file.js";
export * from "./state-store.js";
export * from "./values.js";
