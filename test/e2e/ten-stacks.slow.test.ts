import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type AwsCall, type AwsProxy, startAwsProxy } from "../support/aws-proxy.js";
import { fine, inFolder, jsonOf, panka, writeFiles } from "../support/cli.js";
import { aws, withMoto } from "../support/moto.js";
import { component, stackHead } from "../support/stack-text.js";

const CONFIG = "version: 1\nenvironments:\n  development: { provider: local }\n";
const PLACE = ["--bucket", "panka-state-test", "--table", "panka-state-locks", "--region", "us-east-1"];
const STACKS = Array.from({ length: 10 }, (_, i) => `team-${i}`);

/** Two kinds, so that there is an order, and names that all stacks share. */
const stackOf = (name: string): string =>
  [stackHead(name), component("SQS", "jobs"), component("SNS", "events", "{ subscriptions: [{ protocol: sqs, component: jobs }] }")].join(
    "---\n",
  );

/** A command that ended, and how long it took, s. */
async function timed(folder: string, env: Record<string, string>): Promise<number> {
  const start = performance.now();
  const done = fine(await panka(folder, ["deploy", "--yes", "-e", "development", "--json"], env));
  assert.match(done.stdout, /"create":[1-9]/);
  return (performance.now() - start) / 1000;
}

/** What a call to the stores names: the object or the prefix that is listed, the keys of items. */
function named(call: AwsCall): string[] {
  if (call.service === "s3") return [/[?&]prefix=([^&]*)/.exec(call.url)?.[1] ?? call.url.replace(/^\/panka-state-test\/?|\?.*$/g, "")];
  if (call.service === "dynamodb") return [...call.body.matchAll(/"lockKey":\{"S":"([^"]+)"\}/g)].map((m) => m[1] as string);
  return [];
}

/** Fails if a run named another stack's objects or items. */
function staysAtHome(stack: string, { calls }: AwsProxy): void {
  const keys = [...new Set(calls.flatMap(named))].filter((key) => key !== "");
  const own = new RegExp(`^stacks/${stack}/development/|^(stack:${stack}:env:development$|(fence|intents|head)#${stack}/development$)`);
  assert.ok(keys.length > 8, keys.join("\n"));
  assert.equal(
    keys.filter((key) => !own.test(key)),
    [],
  );
}

/** The names that exist in the stores, each of the stack that it says. */
function stored(endpoint: string): { objects: string[]; items: string[] } {
  const listed = JSON.parse(aws(endpoint, ["s3api", "list-objects-v2", "--bucket", "panka-state-test"]));
  const scanned = JSON.parse(aws(endpoint, ["dynamodb", "scan", "--table-name", "panka-state-locks"]));
  return {
    objects: listed.Contents.map((o: { Key: string }) => o.Key),
    items: scanned.Items.map((i: { lockKey: { S: string } }) => i.lockKey.S),
  };
}

/** `ten at once: p50 3.1 s ...`. */
function figures(alone: number, seconds: number[], calls: AwsCall[]): string {
  const sorted = seconds.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.ceil(share * sorted.length) - 1] as number).toFixed(1);
  const stores = calls.filter((c) => ["s3", "dynamodb"].includes(c.service));
  const count = (...statuses: number[]): number => stores.filter((c) => statuses.includes(c.status)).length;
  return `FIGURES ten stacks at once on one bucket and table: one alone ${alone.toFixed(1)} s; of ten p50 ${at(0.5)} s, last ${at(1)} s; ${stores.length} calls to the stores, ${count(412, 409)} refused by a condition, ${count(400)} cancelled, ${count(500, 503)} failed`;
}

test("ten deployments of ten stacks at once on one bucket and table all succeed, and none names another's objects or items", async () => {
  await withMoto(async (target, moto) => {
    await inFolder({ "panka.config.yaml": CONFIG, "stack.yaml": stackOf("first") }, async (folder) => {
      fine(await panka(folder, ["backend", "create", "--yes", ...PLACE, "-e", "development"], moto));
      const alone = await timed(folder, moto);
      const config = readFileSync(join(folder, "panka.config.yaml"), "utf8");
      const proxies: AwsProxy[] = [];
      const turns = { last: Promise.resolve() };
      try {
        const seconds = await Promise.all(
          STACKS.map(async (stack) => {
            const own = join(folder, stack);
            writeFiles(own, { "panka.config.yaml": config, "stack.yaml": stackOf(stack) });
            const proxy = await startAwsProxy(target, turns);
            proxies.push(proxy);
            const took = await timed(own, { ...moto, AWS_ENDPOINT_URL: proxy.endpoint });
            staysAtHome(stack, proxy);
            return took;
          }),
        );
        const calls = proxies.flatMap((p) => p.calls);
        console.log(figures(alone, seconds, calls));
        assert.equal(
          calls.filter((c) => c.service === "dynamodb" && c.status === 400).map((c) => c.body),
          [],
          "one stack's lock was in another's way",
        );
      } finally {
        await Promise.all(proxies.map((p) => p.stop()));
      }
      const { objects, items } = stored(target);
      for (const stack of STACKS) {
        assert.is(objects.filter((key) => key.startsWith(`stacks/${stack}/development/releases/`)).length, 1, stack);
        assert.equal(
          items.filter((key) => key.includes(stack)).sort(),
          ["fence", "head", "intents"].map((name) => `${name}#${stack}/development`),
        );
      }
      writeFileSync(join(folder, "stack.yaml"), stackOf("team-7"));
      const again = jsonOf(await panka(folder, ["history", "-e", "development", "--json"], moto));
      assert.is(again.result.length, 1, "any machine reads what one wrote");
    });
  });
});

test.run();
