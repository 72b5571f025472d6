/** docs/guide/coming-from-copilot.md: its files compile to what the page says, and what it points to is there. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { COMMANDS } from "../../cli/commands/index.js";
import { CONFIG, project } from "../cli/project.js";
import { run } from "../cli/world.js";
import { ROOT } from "../support/source-tree.js";

const page = readFileSync(join(ROOT, "docs/guide/coming-from-copilot.md"), "utf8");
const files = Object.fromEntries(
  [...page.matchAll(/```yaml\n# (\S+)\n([\s\S]*?)```/g)].map(([, name, text]) => [name as string, text as string]),
);
const cwd = project({ ...files, "panka.config.yaml": CONFIG, "api/Dockerfile": "FROM scratch\n" });

async function resources(environment: string): Promise<{ type: string; urn: string; props: any }[]> {
  const { json } = await run(["synth", "-e", environment, "--json"], { cwd });
  return json().resources;
}

test("the example scales as the manifest did, in each environment", async () => {
  for (const [environment, least] of [
    ["development", 1],
    ["production", 2],
  ] as const) {
    const target = (await resources(environment)).find((r) => r.type === "aws:appautoscaling/target:Target");
    assert.equal([target?.props.minCapacity, target?.props.maxCapacity], [least, 10]);
  }
});

test("the service may use its table and read its secret", async () => {
  const policies = (await resources("production"))
    .filter((r) => r.type === "aws:iam/rolePolicy:RolePolicy")
    .map((r) => JSON.stringify(r.props));
  assert.ok(policies.some((policy) => policy.includes("dynamodb:PutItem")));
  assert.ok(policies.some((policy) => policy.includes("secretsmanager:GetSecretValue")));
});

test("pages that it names are there, and commands", () => {
  for (const [, link = ""] of page.matchAll(/\]\(([^)#]+)/g)) assert.ok(existsSync(join(ROOT, "docs/guide", link)), link);
  const known = new Set(COMMANDS.flatMap((command) => command.paths.map((path) => path.join(" "))));
  for (const [, words = ""] of page.matchAll(/`panka ([a-z]+(?: [a-z]+)?)/g))
    assert.ok(known.has(words) || known.has(words.split(" ")[0] ?? ""), words);
});

test.run();
