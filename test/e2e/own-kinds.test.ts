import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inFolder, jsonOf, panka } from "../support/cli.js";
import { ROOT } from "../support/source-tree.js";

/** The example of the guide: code blocks by the file that their first line names. */
const guide = Object.fromEntries(
  [...readFileSync(join(ROOT, "docs/guide/your-own-kinds.md"), "utf8").matchAll(/```\w+\n(?:\/\/|#) (\S+)\n([\s\S]*?)```/g)].map(
    ([, name = "", text = ""]) => [name, text],
  ),
);
const KIND = guide["kinds/announcements.ts"] as string;
const YAML = guide["stack.yaml"] as string;
const config = (kinds: string): string => `version: 1\nkinds: [${kinds}]\nenvironments:\n  development: { provider: local }\n`;

const diagnostics = (stdout: string): any[] => JSON.parse(stdout).diagnostics;

test("a kind of one's own, from YAML and from TypeScript with panka.config.ts, gives one assembly and deploys", async () => {
  const yaml = { "kinds/announcements.ts": KIND, "panka.config.yaml": guide["panka.config.yaml"] as string, "stack.yaml": YAML };
  const typescript = {
    "kinds/announcements.ts": KIND,
    "panka.config.ts": guide["panka.config.ts"] as string,
    "stack.ts": guide["stack.ts"] as string,
  };
  const synth = async (folder: string) => {
    const out = await panka(folder, ["synth", "--json"]);
    assert.is(out.code, 0, out.stdout + out.stderr);
    return out.stdout;
  };
  const first = await inFolder(yaml, async (folder) => {
    const assembly = await synth(folder);
    const deployed = await panka(folder, ["deploy", "--yes"]);
    assert.is(deployed.code, 0, deployed.stdout + deployed.stderr);
    assert.match((await panka(folder, ["outputs"])).stdout, /topicArn/);
    const schema = jsonOf(await panka(folder, ["schema", "Announcements"]));
    assert.equal(schema.properties.apiVersion.enum, ["acme.example.com/v1"]);
    return assembly;
  });
  assert.is(await inFolder(typescript, synth), first);
  assert.ok(JSON.parse(first).resources.some((r: any) => r.type === "aws:sns/topic:Topic"));
});

test("fields, names and API groups of such kinds are checked as all others are", async () => {
  const wrong = YAML.replace("title:", "titel:").replace("kind: Announcements", "kind: Announcement");
  const files = { "kinds/announcements.ts": KIND, "panka.config.yaml": config("./kinds/announcements.ts") };
  await inFolder({ ...files, "stack.yaml": YAML.replace("title:", "titel:") }, async (folder) => {
    const found = diagnostics((await panka(folder, ["validate", "--json"])).stdout).find((d) => d.code === "unknown-field");
    assert.equal([found?.suggestion, found?.file], ["title", "stack.yaml"]);
  });
  await inFolder({ ...files, "stack.yaml": wrong }, async (folder) => {
    const [found] = diagnostics((await panka(folder, ["validate", "--json"])).stdout);
    assert.equal([found.code, found.suggestion], ["unknown-kind", "Announcements"]);
  });
  await inFolder({ ...files, "stack.yaml": YAML.replace("acme.example.com/v1", "components.panka.io/v1") }, async (folder) => {
    const [found] = diagnostics((await panka(folder, ["validate", "--json"])).stdout);
    assert.equal([found.code, found.expected], ["wrong-group", "apiVersion: acme.example.com/v1"]);
  });
});

test("every problem of every broken kind module is told at once, and nothing else happens", async () => {
  const files = {
    "stack.yaml": YAML,
    "panka.config.yaml": config(
      "./kinds/gone.ts, ./kinds/throws.ts, ./kinds/empty.ts, ./kinds/half.ts, ./kinds/taken.ts, not-installed-kinds",
    ),
    "kinds/throws.ts": 'throw new Error("not today");\n',
    "kinds/empty.ts": "export const x = 1;\n",
    "kinds/half.ts": 'export default { name: "half", apiGroup: "acme.panka.io", expand() {} };\n',
    "kinds/taken.ts": KIND.replaceAll('name: "Announcements"', 'name: "SQS"'),
  };
  await inFolder(files, async (folder) => {
    const out = await panka(folder, ["validate", "--json"]);
    assert.is(out.code, 2, out.stdout + out.stderr);
    const all = diagnostics(out.stdout);
    assert.ok(all.every((d) => d.file !== undefined));
    const of = (name: string) => all.filter((d) => d.message.includes(name)).map((d) => d.code);
    assert.equal(of("gone.ts").length, 1);
    assert.match(all.find((d) => d.message.includes("throws.ts")).message, /not today/);
    assert.equal(of("empty.ts"), ["bad-kind"]);
    assert.is(of("half.ts").length, 8);
    assert.equal(of("taken.ts"), ["kind-taken"]);
    assert.is(of("not-installed-kinds").length, 1);
    assert.not.match(out.stderr + out.stdout, /\n\s+at /);
  });
});

test("an expand that throws is a problem of the component that names the kind", async () => {
  const files = {
    "kinds/announcements.ts": KIND.replace("expand(props, context) {", 'expand(props, context) {\n    throw new TypeError("no title");'),
    "panka.config.yaml": config("./kinds/announcements.ts"),
    "stack.yaml": YAML,
  };
  await inFolder(files, async (folder) => {
    const out = await panka(folder, ["validate", "--json"]);
    const [found] = diagnostics(out.stdout);
    assert.equal([found.code, found.path, out.code], ["kind-failed", "app/news", 1]);
    assert.match(found.message, /Announcements failed: no title/);
  });
});

test("panka.config.ts is checked as panka.config.yaml is, and both at once are an error", async () => {
  await inFolder({ "stack.yaml": YAML, "panka.config.ts": "export default { version: 1, enviroments: {} };\n" }, async (folder) => {
    const out = await panka(folder, ["validate", "--json"]);
    assert.is(out.code, 2);
    assert.equal(
      diagnostics(out.stdout).map((d) => [d.code, d.suggestion, d.file]),
      [["unknown-field", "environments", "panka.config.ts"]],
    );
  });
  await inFolder({ "stack.yaml": YAML, "panka.config.ts": "export default {};\n", "panka.config.yaml": "version: 1\n" }, async (folder) => {
    const out = await panka(folder, ["validate"]);
    assert.is(out.code, 2);
    assert.match(out.stderr, /panka\.config\.yaml and panka\.config\.ts are both here/);
  });
});

test.run();
