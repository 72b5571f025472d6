/**
 * Terraform plugin protocol 5, as much of it as we speak, as data: no .proto file has to be found at run time.
 * Field numbers: tfplugin5.proto of hashicorp/terraform; the controller's: go-plugin's internal/plugin/grpc_controller.proto.
 * Fields that are left out (identities, deferrals, capabilities) are harmless on the wire.
 */
import type { INamespace } from "protobufjs";

/** Message -> fields as `type name = number`, as in a .proto; `repeated` and `map<string,T>` included. */
const MESSAGES: { [name: string]: string } = {
  Empty: "",
  DynamicValue: "bytes msgpack = 1; bytes json = 2",
  Diagnostic: "int32 severity = 1; string summary = 2; string detail = 3; AttributePath attribute = 4",
  AttributePath: "repeated AttributePath.Step steps = 1",
  "AttributePath.Step": "string attribute_name = 1; string element_key_string = 2; int64 element_key_int = 3",
  RawState: "bytes json = 1",
  Schema: "int64 version = 1; Schema.Block block = 2",
  "Schema.Block": "int64 version = 1; repeated Schema.Attribute attributes = 2; repeated Schema.NestedBlock block_types = 3",
  "Schema.Attribute":
    "string name = 1; bytes type = 2; bool required = 4; bool optional = 5; bool computed = 6; bool sensitive = 7; bool deprecated = 9; bool write_only = 10",
  "Schema.NestedBlock": "string type_name = 1; Schema.Block block = 2; int32 nesting = 3; int64 min_items = 4; int64 max_items = 5",
  "GetProviderSchema.Response":
    "Schema provider = 1; map<string,Schema> resource_schemas = 2; map<string,Schema> data_source_schemas = 3; repeated Diagnostic diagnostics = 4",
  "Configure.Request": "string terraform_version = 1; DynamicValue config = 2",
  "Configure.Response": "repeated Diagnostic diagnostics = 1",
  "ValidateResourceTypeConfig.Request": "string type_name = 1; DynamicValue config = 2",
  "ValidateResourceTypeConfig.Response": "repeated Diagnostic diagnostics = 1",
  "ValidateDataSourceConfig.Request": "string type_name = 1; DynamicValue config = 2",
  "ValidateDataSourceConfig.Response": "repeated Diagnostic diagnostics = 1",
  "UpgradeResourceState.Request": "string type_name = 1; int64 version = 2; RawState raw_state = 3",
  "UpgradeResourceState.Response": "DynamicValue upgraded_state = 1; repeated Diagnostic diagnostics = 2",
  "ReadResource.Request": "string type_name = 1; DynamicValue current_state = 2; bytes private = 3",
  "ReadResource.Response": "DynamicValue new_state = 1; repeated Diagnostic diagnostics = 2; bytes private = 3",
  "PlanResourceChange.Request":
    "string type_name = 1; DynamicValue prior_state = 2; DynamicValue proposed_new_state = 3; DynamicValue config = 4; bytes prior_private = 5",
  "PlanResourceChange.Response":
    "DynamicValue planned_state = 1; repeated AttributePath requires_replace = 2; bytes planned_private = 3; repeated Diagnostic diagnostics = 4; bool legacy_type_system = 5",
  "ApplyResourceChange.Request":
    "string type_name = 1; DynamicValue prior_state = 2; DynamicValue planned_state = 3; DynamicValue config = 4; bytes planned_private = 5",
  "ApplyResourceChange.Response":
    "DynamicValue new_state = 1; bytes private = 2; repeated Diagnostic diagnostics = 3; bool legacy_type_system = 4",
  "ImportResourceState.Request": "string type_name = 1; string id = 2",
  "ImportResourceState.ImportedResource": "string type_name = 1; DynamicValue state = 2; bytes private = 3",
  "ImportResourceState.Response":
    "repeated ImportResourceState.ImportedResource imported_resources = 1; repeated Diagnostic diagnostics = 2",
  "ReadDataSource.Request": "string type_name = 1; DynamicValue config = 2",
  "ReadDataSource.Response": "DynamicValue state = 1; repeated Diagnostic diagnostics = 2",
};

/** Calls of service tfplugin5.Provider whose messages are `<name>.Request` and `<name>.Response`. */
const CALLS = [
  "Configure",
  "ValidateResourceTypeConfig",
  "ValidateDataSourceConfig",
  "UpgradeResourceState",
  "ReadResource",
  "PlanResourceChange",
  "ApplyResourceChange",
  "ImportResourceState",
  "ReadDataSource",
];

interface MessageJson {
  fields: { [name: string]: { type: string; id: number; rule?: "repeated"; keyType?: string } };
  oneofs?: { [name: string]: { oneof: string[] } };
  nested?: { [name: string]: MessageJson };
}

function message(text: string): MessageJson {
  const fields: MessageJson["fields"] = {};
  for (const line of text.split(";")) {
    const match = /^\s*(repeated )?(?:map<(\w+),([\w.]+)>|([\w.]+)) (\w+) = (\d+)\s*$/.exec(line);
    if (!match) continue;
    const [, repeated, keyType, valueType, type, name, id] = match;
    fields[name as string] = {
      type: (type ?? valueType) as string,
      id: Number(id),
      ...(repeated ? { rule: "repeated" as const } : {}),
      ...(keyType ? { keyType } : {}),
    };
  }
  return { fields };
}

/** The descriptor in protobufjs' JSON form, for `fromJSON` of @grpc/proto-loader. */
export function descriptor(): INamespace {
  const root: { [name: string]: MessageJson } = {};
  for (const [path, text] of Object.entries(MESSAGES)) {
    const [outer, inner] = path.split(".") as [string, string | undefined];
    root[outer] ??= { fields: {} };
    if (inner) root[outer].nested = { ...root[outer].nested, [inner]: message(text) };
    else root[outer] = { ...message(text), ...(root[outer].nested ? { nested: root[outer].nested } : {}) };
  }
  const step = root.AttributePath?.nested?.Step as MessageJson;
  step.oneofs = { selector: { oneof: Object.keys(step.fields) } };
  const methods: { [name: string]: { requestType: string; responseType: string } } = {
    GetSchema: { requestType: "Empty", responseType: "GetProviderSchema.Response" },
  };
  for (const name of CALLS) methods[name] = { requestType: `${name}.Request`, responseType: `${name}.Response` };
  return {
    nested: {
      tfplugin5: { nested: { ...root, Provider: { methods } } },
      plugin: {
        nested: { Empty: { fields: {} }, GRPCController: { methods: { Shutdown: { requestType: "Empty", responseType: "Empty" } } } },
      },
    },
  } as INamespace;
}
