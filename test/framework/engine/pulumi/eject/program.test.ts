import { test } from "uvu";
import * as assert from "uvu/assert";
import { isPankaError } from "../../../../../framework/base/errors.js";
import { print } from "../../../../../framework/engine/pulumi/eject/code.js";
import { memberOf, variablesOf } from "../../../../../framework/engine/pulumi/eject/names.js";
import { programOf } from "../../../../../framework/engine/pulumi/eject/program.js";
import { ASSEMBLY_VERSION } from "../../../../../framework/model/assembly.js";
import type { ResourceSpec } from "../../../../../framework/model/resource.js";
import type { ResourceState } from "../../../../../framework/model/state-file.js";
import type { Value } from "../../../../../framework/model/values.js";
import { emptyState } from "../../../../../framework/state/codec.js";

const urn = (name: string): string => `urn:pulumi:dev::shop::test:x/y:Y::app/${name}`;
const ref = (name: string, output: string): Value => ({ $ref: { urn: urn(name), output } });

/** Props as in the assembly, and what was recorded of them. */
interface Given {
  props: { [key: string]: Value };
  inputs: ResourceState["inputs"];
  outputs?: ResourceState["outputs"];
  options?: ResourceSpec["options"];
  secretPaths?: string[];
}

function program(given: { [name: string]: Given }): string {
  const resources = Object.entries(given).map(([name, { props, options }]) => ({
    urn: urn(name),
    type: "test:x/y:Y",
    name,
    props,
    dependsOn: [],
    options: options ?? {},
    probe: { class: "B" as const },
  }));
  const state = emptyState("l", "embedded", { name: "t", account: "", region: "r", endpoint: "" });
  for (const [name, { inputs, outputs, secretPaths }] of Object.entries(given)) {
    const more = { generation: 0, schemaVersion: 0, private: "", dependsOn: [], protect: false, status: "ok" as const };
    state.resources[urn(name)] = { ...more, type: "test:x/y:Y", id: "id", inputs, outputs: outputs ?? {}, secretPaths: secretPaths ?? [] };
  }
  const assembly = { version: ASSEMBLY_VERSION, stack: "shop", environment: "dev", region: "r", resources, outputs: {} } as const;
  return programOf({
    assembly: { ...assembly, resources },
    state,
    package: "test",
    packages: new Map(),
    asset: (sha) => `./assets/${sha}.zip`,
  });
}

test("references stay references, in the order of what needs what; the rest is written as it was recorded", () => {
  const text = program({
    b: {
      props: { to: ref("z", "arn"), name: { $name: true } as never },
      inputs: { to: "arn:z", name: "shop-dev-app-b-x", tags: { "a:b": "c" } },
    },
    z: { props: {}, inputs: {} },
  });
  assert.ok(text.indexOf("const appZ =") < text.indexOf("const appB ="));
  assert.match(text, 'const appB = new test.x.Y("app/b", { to: appZ.arn, name: "shop-dev-app-b-x", tags: { "a:b": "c" } });');
});

test("text and documents around references are made by the program; documents without one keep the order of their recorded text", () => {
  const text = program({
    a: {
      props: {
        text: { $text: ["`${", ref("z", "arn"), "/x"] },
        live: { $json: { z: ref("z", "arn"), a: [1, null] } },
        dead: { $json: { b: 1, a: "x" } },
      },
      inputs: { text: "?", live: "?", dead: '{"a":"x","b":1}' },
    },
    z: { props: {}, inputs: {} },
  });
  assert.match(text, "text: pulumi.interpolate`\\`\\${${appZ.arn}/x`");
  assert.match(text, "live: pulumi.jsonStringify({ a: [1, null], z: appZ.arn })");
  assert.match(text, 'dead: JSON.stringify({ a: "x", b: 1 })');
});

test("a path that leaves out the one element of a list has it in the program", () => {
  const given = { props: { to: ref("z", "list.arn") }, inputs: { to: "?" } };
  assert.match(program({ a: given, z: { props: {}, inputs: {}, outputs: { list: [{ arn: "?" }] } } }), "to: appZ.list[0].arn");
});

test("a secret is a reference or a look-up of the program, never text", () => {
  const secret: Value = { $secret: { $lookup: { token: "test:x/getZ:getZ", args: { name: "n" }, output: "value" } } };
  const text = program({ a: { props: { password: secret }, inputs: { password: "hidden" }, secretPaths: ["inputs.password"] } });
  assert.match(text, 'password: pulumi.secret(test.x.getZOutput({ "name": "n" }).value)');
  assert.not.match(text, "hidden");
  try {
    program({ a: { props: { password: "hidden" }, inputs: { password: "hidden" }, secretPaths: ["inputs.password"] } });
    assert.unreachable();
  } catch (error) {
    assert.ok(isPankaError(error) && error.code === "secret-in-code");
  }
});

test("files are archives of the project, options are said where they are not the default", () => {
  const options = { protect: true, ignoreChanges: ["a"], timeouts: { create: 60 } };
  const text = program({ a: { props: { code: { $asset: "abc" } }, inputs: { code: { $asset: "abc" } }, options } });
  assert.match(text, 'code: new pulumi.asset.FileArchive("./assets/abc.zip")');
  assert.match(text, /\{\s+protect: true,\s+ignoreChanges: \["a"\],\s+customTimeouts: \{ create: "60s" \},?\s+\}/);
});

test("every resource has a variable of its own that is no word of the language", () => {
  const names = variablesOf(
    [urn("new"), "urn:pulumi:d::s::t:x/y:Y::1a/b", urn("a-b"), urn("a/b"), "urn:pulumi:d::s::t:x/y:Y::aws/x"],
    ["aws"],
  );
  assert.equal([...names.values()], ["appNew", "_1aB", "appAB", "appAB2", "awsX"]);
  assert.equal([memberOf("aws:sqs/queue:Queue"), memberOf("aws:index/getX:getX")], ["aws.sqs.Queue", "aws.getX"]);
});

test("what does not fit on a line is indented, and stays valid", () => {
  const long = "x".repeat(120);
  const text = print({ call: "f", of: [{ text: '"n"' }, { fields: [["a-b", { items: [{ text: `"${long}"` }, { text: "1" }] }]] }] });
  assert.is(text, `f("n", {\n  "a-b": [\n    "${long}",\n    1,\n  ],\n})`);
});

test("classes of other packages are imported where the npm package is known, else declared in the program", () => {
  const resources = ["random:index/randomPet:RandomPet", "azure-native:storage:Blob", "pets:index:Pet"].map((type, i) => ({
    urn: `urn:pulumi:dev::shop::${type}::app/r${i}`,
    type,
    name: `r${i}`,
    props: {},
    dependsOn: [],
    options: {},
    probe: { class: "D" as const },
  }));
  const state = emptyState("l", "pulumi", { name: "t", account: "", region: "r", endpoint: "" });
  const more = { generation: 0, schemaVersion: 0, private: "", dependsOn: [], protect: false, status: "ok" as const, secretPaths: [] };
  for (const { urn, type } of resources)
    state.resources[urn] = { ...more, type, id: "1", inputs: { kind: "cat" }, outputs: { id: "1", "a-b": 1 } };
  const assembly = { version: ASSEMBLY_VERSION, stack: "shop", environment: "dev", region: "r", resources, outputs: {} } as const;
  const packages = new Map([
    ["random", { name: "@pulumi/random", version: "4.1.0" }],
    ["azure-native", { name: "@pulumi/azure-native", version: "2.0.0" }],
  ]);
  const text = programOf({ assembly: { ...assembly, resources }, state, package: "test", packages, asset: String });
  assert.match(text, 'import * as random from "@pulumi/random";');
  assert.match(text, 'new random.RandomPet("app/r0", { kind: "cat" })');
  assert.match(text, 'import * as azureNative from "@pulumi/azure-native";');
  assert.match(text, 'new azureNative.storage.Blob("app/r1"');
  assert.match(
    text,
    'class PetsPet extends pulumi.CustomResource {\n  declare readonly "a-b": pulumi.Output<any>;\n  declare readonly kind:',
  );
  assert.match(text, 'super("pets:index:Pet", name, { "a-b": undefined, kind: undefined, ...args }, options);');
  assert.match(text, 'new PetsPet("app/r2"');
});

test.run();
