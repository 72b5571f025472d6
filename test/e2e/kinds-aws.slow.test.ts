/** Every kind as a component on the official provider: made, changed, something of it replaced, destroyed. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { messageOf } from "../../framework/base/errors.js";
import { registry } from "../../constructs/registry.js";
import type { Provider, StateFile } from "../../framework/model/index.js";
import { loadScenarios } from "../contracts/provider-contract.js";
import { fine, inFolder, jsonOf, linesOf, panka } from "../support/cli.js";
import { documentsOf, type Life, LIVES, type Stage, UNSERVED } from "../support/kind-lives.js";
import { startMoto } from "../support/moto.js";
import { providerOn, whyNoPlugin } from "../support/plugin.js";
import { ROOT } from "../support/source-tree.js";
import { stackHead } from "../support/stack-text.js";

const CONFIG = `version: 1
backend: { type: local }
environments:
  cloud: { provider: aws }
  model: { provider: local }
`;

/** Kinds of documents that make no component. */
const NO_COMPONENT = ["core", "infra"];

/** What the emulator forgets or leaves out; provider-scenarios/gaps.json says what AWS answers. */
const FORGOTTEN: { [type: string]: string[] } = {
  "aws:cloudfront/distribution:Distribution": ["defaultCacheBehavior.forwardedValues", "viewerCertificate.sslSupportMethod"],
  // Groups that it was given with its network interface.
  "aws:ec2/instance:Instance": ["vpcSecurityGroupIds"],
  // For which it would be made again, and with it the identity provider at its address.
  "aws:eks/cluster:Cluster": ["accessConfig", "upgradePolicy"],
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": ["url"],
  "aws:lambda/function:Function": ["loggingConfig"],
  // Of a rule that names a group.
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ["description"],
};

const stackOf = (name: string, lives: readonly Life[], stage: Stage): string =>
  stackHead(name) + lives.map((life) => documentsOf(life, stage)).join("");

/** Actions of a deploy by component. Throws with what failed unless it ended well. */
function actionsOf(done: Parameters<typeof linesOf>[0]): { [component: string]: Set<string> } {
  const lines = linesOf(done);
  const bad = lines.filter((line) => /failed|skipped/.test(line.type)).map((line) => `${line.urn} ${line.message ?? line.because}`);
  assert.is(done.code, 0, [...bad, JSON.stringify(lines.at(-1)?.diagnostics), done.stderr].join("\n"));
  const out: { [component: string]: Set<string> } = {};
  for (const { type, component, action } of lines) {
    if (type !== "step-done") continue;
    out[component] ??= new Set();
    out[component].add(action);
  }
  return out;
}

/** Each component did at this stage what its life says. */
function checkActions(lives: readonly Life[], stage: Stage, actions: { [component: string]: Set<string> }): void {
  const problems: string[] = [];
  for (const { kind, name, change, replace } of lives) {
    const done = actions[`app/${name}`] ?? new Set();
    const again = done.has("replace") || (done.has("create") && done.has("delete"));
    const right =
      stage === "new"
        ? done.has("create") && done.size === 1
        : stage === "changed"
          ? typeof change === "string" || ((done.has("update") || done.has("create")) && !again)
          : typeof replace === "string" || again;
    if (!right) problems.push(`${kind} ${name}, ${stage}: ${[...done].join(", ") || "nothing"}`);
  }
  assert.equal(problems, []);
}

/** Changes that a fresh look at the cloud finds, without what the emulator forgets. */
function differences(plan: any): string[] {
  return plan.changes
    .filter((c: any) => c.action !== "same" && c.properties.some((p: any) => !FORGOTTEN[c.type]?.includes(p.path)))
    .map((c: any) => `${c.action} ${c.urn} ${c.properties.map((p: any) => p.path)}`);
}

/** Everything that a stack ever had, by URN and id. */
type Made = Map<string, { urn: string; type: string; prior: StateFile["resources"][string] }>;

function remember(made: Made, state: StateFile): void {
  for (const [key, prior] of Object.entries(state.resources)) {
    const urn = key.replace(/#.*$/, "");
    made.set(`${urn} ${prior.id}`, { urn, type: prior.type, prior });
  }
}

/** What is still there of all that was made, asked of the provider one by one. */
async function left(moto: Parameters<typeof providerOn>[0], made: Made): Promise<string[]> {
  const scenarios = loadScenarios();
  const provider = providerOn(moto);
  try {
    const asked = [...made.values()].filter(({ type }) => {
      const { staysAfterDelete, noDelete, skipOnEmulator } = scenarios.get(type) ?? {};
      return !staysAfterDelete && !noDelete && !skipOnEmulator?.deleted;
    });
    assert.ok(asked.length > 100, `${asked.length} of ${made.size}`);
    const found = asked.map(async (one) => {
      const problem = await provider.read(one).then((there) => (there ? "still there" : ""), messageOf);
      return problem === "" ? [] : [`${one.urn} ${one.prior.id}: ${problem}`];
    });
    return (await Promise.all(found)).flat();
  } finally {
    await provider.close();
  }
}

/** What the official provider would do of what the local one did, where it differs. */
async function disagreements(
  provider: Provider,
  states: { before: StateFile; after: StateFile },
  done: ReturnType<typeof linesOf>,
): Promise<string[]> {
  const did = new Map(done.filter((l) => l.type === "step-done" && l.action !== "delete").map((l) => [l.urn, l.action]));
  const found = [...did].map(async ([urn, action]) => {
    const { [urn]: prior } = states.before.resources;
    const { [urn]: now } = states.after.resources;
    if (!prior || !now) return [];
    const plan = await provider.plan({ urn, type: now.type, inputs: now.inputs, prior });
    return plan.action === action
      ? []
      : [`${urn}: ${action}, official provider: ${plan.action} ${[...plan.replacePaths, ...plan.changedPaths]}`];
  });
  return (await Promise.all(found)).flat();
}

const why = whyNoPlugin();

test("every kind of component has a life here, on the emulator or beside it", () => {
  const told = new Set([...LIVES, ...UNSERVED].map((life) => life.kind));
  const kinds = registry.kinds.filter((kind) => !NO_COMPONENT.includes(kind.group)).map((kind) => kind.name);
  const page = readFileSync(join(ROOT, "docs", "reference", "emulators.md"), "utf8");
  const table = page.slice(page.indexOf("## Kinds on the emulator"));
  assert.equal(
    kinds.filter((kind) => !told.has(kind) || !new RegExp(`^\\| [^|]*\\b${kind}\\b`, "m").test(table)),
    [],
  );
});

if (why) console.log(`SKIP the life of every kind on the official provider: ${why}`);
else {
  test("on the emulator every kind that it serves is made, changed, replaced and destroyed, and nothing is left", async () => {
    const moto = await startMoto({ MOTO_IAM_LOAD_MANAGED_POLICIES: "true" });
    try {
      await inFolder({ "panka.config.yaml": CONFIG }, async (folder) => {
        const run = (...args: string[]) => panka(folder, [...args, "-e", "cloud"], moto.env);
        const made: Made = new Map();
        const problems: string[] = [];
        for (const stage of ["new", "changed", "replaced"] as const) {
          writeFileSync(join(folder, "stack.yaml"), stackOf("kinds", LIVES, stage));
          checkActions(LIVES, stage, actionsOf(await run("deploy", "--yes", "--json")));
          remember(made, jsonOf(fine(await run("state", "pull"))));
          const look = stage === "changed" ? [] : ["--refresh"];
          problems.push(...differences(jsonOf(await run("plan", "--json", ...look))).map((what) => `${stage}: ${what}`));
        }
        actionsOf(await run("destroy", "--yes", "--json"));
        assert.equal([...problems, ...(await left(moto, made))], []);
      });
    } finally {
      await moto.stop();
    }
  });

  test("kinds that the emulator can't serve are planned by the official provider as the local one makes, changes and replaces them", async () => {
    const moto = await startMoto();
    const provider = providerOn(moto);
    try {
      await inFolder({ "panka.config.yaml": CONFIG }, async (folder) => {
        const run = (...args: string[]) => panka(folder, [...args, "-e", "model"]);
        let before: StateFile | undefined;
        for (const stage of ["new", "changed", "replaced"] as const) {
          writeFileSync(join(folder, "stack.yaml"), stackOf("unserved", UNSERVED, stage));
          const plan = jsonOf(fine(await panka(folder, ["plan", "--json", "-e", "cloud"], moto.env)));
          const planned = new Set(plan.changes.filter((c: any) => c.action === "create").map((c: any) => c.component));
          assert.ok(
            UNSERVED.every(({ name }) => planned.has(`app/${name}`)),
            [...planned].join(),
          );
          const done = await run("deploy", "--yes", "--json");
          checkActions(UNSERVED, stage, actionsOf(done));
          const after: StateFile = jsonOf(fine(await run("state", "pull")));
          if (before) assert.equal(await disagreements(provider, { before, after }, linesOf(done)), []);
          before = after;
          assert.equal(differences(jsonOf(await run("plan", "--json", "--refresh"))), []);
        }
        actionsOf(await run("destroy", "--yes", "--json"));
        const cloud = JSON.parse(readFileSync(join(folder, ".panka", "local-cloud.json"), "utf8"));
        assert.equal(cloud.resources, {});
      });
    } finally {
      await provider.close();
      await moto.stop();
    }
  });
}

test.run();
