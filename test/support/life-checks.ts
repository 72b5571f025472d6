/** Whether components lived as their lives say: what a deploy did, what a plan finds afterwards, what is left in the end. */
import * as assert from "uvu/assert";
import { messageOf } from "../../framework/base/errors.js";
import type { Provider, StateFile } from "../../framework/model/index.js";
import { loadScenarios } from "../contracts/provider-contract.js";
import { linesOf } from "./cli.js";
import { isInfra, type Life, type Stage } from "./lives.js";
import { aws } from "./moto.js";
import { providerOn } from "./plugin.js";

/** What the emulator forgets or leaves out; provider-scenarios/gaps.json says what AWS answers. */
export const FORGOTTEN: { readonly [type: string]: readonly string[] } = {
  "aws:cloudfront/distribution:Distribution": ["defaultCacheBehavior.forwardedValues", "viewerCertificate.sslSupportMethod"],
  "aws:elasticache/cluster:Cluster": ["azMode", "securityGroupIds"],
  // Groups that it was given with its network interface.
  "aws:ec2/instance:Instance": ["vpcSecurityGroupIds"],
  "aws:lambda/function:Function": ["fileSystemConfig", "loggingConfig"],
  // Of a rule that names a group.
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ["description"],
};

/** Actions of a deploy by component and by resource (`service/component/role`). Throws with what failed unless it ended well. */
export function actionsOf(done: Parameters<typeof linesOf>[0]): { [component: string]: Set<string> } {
  const lines = linesOf(done);
  const bad = lines.filter((line) => /failed|skipped/.test(line.type)).map((line) => `${line.urn} ${line.message ?? line.because}`);
  assert.is(done.code, 0, [...bad, JSON.stringify(lines.at(-1)?.diagnostics), done.stderr].join("\n"));
  const out: { [component: string]: Set<string> } = {};
  for (const { type, component, urn, action } of lines) {
    if (type !== "step-done") continue;
    for (const name of [component, urn.split("::").at(-1)]) {
      out[name] ??= new Set();
      out[name].add(action);
    }
  }
  return out;
}

/** Each component, and each resource that an infra kind names, did at this stage what its life says. */
export function checkActions(lives: readonly Life[], stage: Stage, actions: { [component: string]: Set<string> }): void {
  const problems: string[] = [];
  for (const { kind, name, change, replace } of lives.filter((life) => !isInfra(life))) {
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
  const expected = { new: ["create"], changed: ["update", "delete"], replaced: ["replace"] }[stage];
  for (const { kind, shows = {} } of lives) {
    const named = { new: Object.values(shows), changed: [shows.change ?? []].flat(), replaced: [shows.replace ?? []].flat() }[stage];
    for (const at of named)
      if (!expected.some((action) => actions[at]?.has(action)))
        problems.push(`${kind} at ${at}, ${stage}: ${[...(actions[at] ?? [])].join(", ") || "nothing"}`);
  }
  assert.equal(problems, []);
}

/** Changes that a plan found, without properties, and all below them, that the emulator forgets: their paths by type. */
export function differences(plan: any, forgotten: { readonly [type: string]: readonly string[] } = {}): string[] {
  const known = (type: string, path: string): boolean =>
    forgotten[type]?.some((f) => path === f || path.startsWith(`${f}.`) || path.startsWith(`${f}[`)) ?? false;
  return plan.changes
    .filter((c: any) => c.action !== "same" && c.properties.some((p: any) => !known(c.type, p.path)))
    .map((c: any) => `${c.action} ${c.urn} ${c.properties.map((p: any) => p.path)}`);
}

/** Everything that a stack ever had, by URN and id. */
export type Made = Map<string, { urn: string; type: string; prior: StateFile["resources"][string] }>;

export function remember(made: Made, state: StateFile): void {
  for (const [key, prior] of Object.entries(state.resources)) {
    const urn = key.replace(/#.*$/, "");
    made.set(`${urn} ${prior.id}`, { urn, type: prior.type, prior });
  }
}

const SERVICE = "aws:ecs/service:Service";

/** Whether a service is there, as AWS tells (a deleted one is INACTIVE); the provider asks for two minutes before it says that it is gone. */
function hasService(endpoint: string, { cluster, name }: { readonly [output: string]: unknown }): boolean {
  const which = ["--cluster", String(cluster), "--services", String(name), "--query", "services[?status!='INACTIVE'].serviceArn"];
  return JSON.parse(aws(endpoint, ["ecs", "describe-services", ...which])).length > 0;
}

/** What is still there of all that was made, asked of the provider, services of the emulator, one by one. */
export async function left(moto: Parameters<typeof providerOn>[0], made: Made): Promise<string[]> {
  const scenarios = loadScenarios();
  const provider = providerOn(moto);
  try {
    const asked = [...made.values()].filter(({ type }) => {
      const { staysAfterDelete, noDelete, skipOnEmulator } = scenarios.get(type) ?? {};
      return !staysAfterDelete && !noDelete && !skipOnEmulator?.deleted;
    });
    assert.ok(asked.length > 100, `${asked.length} of ${made.size}`);
    const isThere = async (one: (typeof asked)[number]): Promise<boolean> =>
      one.type === SERVICE ? hasService(moto.endpoint, one.prior.outputs) : (await provider.read(one)) !== null;
    const found = asked.map(async (one) => {
      const problem = await isThere(one).then((there) => (there ? "still there" : ""), messageOf);
      return problem === "" ? [] : [`${one.urn} ${one.prior.id}: ${problem}`];
    });
    return (await Promise.all(found)).flat();
  } finally {
    await provider.close();
  }
}

/** What the official provider would do of what the local one did, where it differs. */
export async function disagreements(
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
