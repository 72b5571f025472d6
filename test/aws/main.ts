/**
 * `npm run test:aws -- --account ID [--region REGION] [--only NAME,NAME] [--whole] [--sweep]`. Refused (exit 2) unless the credentials are of that
 * account. Without an account nothing is done, and that is said (exit 0). All that is made carries the tag `panka-test` and is removed at the
 * end; what is left is named (exit 1), and `--sweep` alone tries again, for all runs that left something.
 */
import { accountAtHand, makeBackend, newId, openSandbox } from "./sandbox.js";
import { runScenarios, SCENARIOS } from "./scenarios.js";

const args = process.argv.slice(2);
const option = (name: string): string | undefined => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const say = (line: string): void => console.log(line);

function refuse(why: string): number {
  console.error(`refused: ${why}`);
  return 2;
}

async function main(): Promise<number> {
  const account = option("--account");
  if (account === undefined) {
    for (const { name, says } of SCENARIOS) say(`SKIP ${name}: ${says}: no account was named (npm run test:aws -- --account ID)`);
    say(`0 passed, 0 failed, ${SCENARIOS.length} skipped`);
    return 0;
  }
  const names = SCENARIOS.map((s) => s.name);
  const only = option("--only")?.split(",") ?? names;
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) return refuse(`no scenario is called ${unknown.join(", ")}; there are ${names.join(", ")}`);
  const region = option("--region") ?? process.env.AWS_REGION ?? "us-east-1";
  const found = await accountAtHand(region).catch((error: Error) => error);
  if (found instanceof Error) return refuse(`whose the credentials are can't be said: ${found.message}`);
  if (found !== account) return refuse(`the credentials are of account ${found}, not of ${account}`);
  if (!args.includes("--sweep")) return run(account, region, only);
  const { sweepAll } = await import("./sweep.js");
  return end(await sweepAll(account, region, say), account);
}

async function run(account: string, region: string, only: string[]): Promise<number> {
  const sandbox = openSandbox({ id: newId(), account, region });
  say(`account ${account}, ${region}: all that is made is called and tagged ${sandbox.id}`);
  const chosen = SCENARIOS.filter((s) => only.includes(s.name));
  let failed: string[] = [];
  try {
    await makeBackend(sandbox);
    failed = await runScenarios(sandbox, { chosen, whole: sandbox.endpoint === undefined || args.includes("--whole") }, say);
  } catch (error) {
    failed = only;
    console.error((error as Error).message);
  }
  const { sweep } = await import("./sweep.js");
  const left = end(await sweep(sandbox), account);
  say(`${chosen.length - failed.length} passed, ${failed.length} failed, ${SCENARIOS.length - chosen.length} skipped`);
  return failed.length === 0 ? left : 1;
}

/** Says what is left; the exit code. */
function end(left: string[], account: string): number {
  for (const what of left) console.error(`LEFT ${what}`);
  say(left.length === 0 ? "nothing is left behind" : `next: npm run test:aws -- --account ${account} --sweep`);
  return left.length === 0 ? 0 : 1;
}

process.exitCode = await main();
