/** Both engines on the same stacks, one after the other: the figures of docs/guide/engines.md. */
import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Moto, onFresh } from "../support/moto.js";
import { whyNoPulumi } from "../support/pulumi.js";
import { ROOT } from "../support/source-tree.js";
import { bestOf, type Figure, show } from "./measure.js";
import { panka, project, writeTopics } from "./processes.js";

const COUNT = 200;
const DEPLOY = ["deploy", "--yes", "-e", "cloud"];
type Measured = ReturnType<typeof panka>;

/** What a person waits for, by engine. */
export async function engines(): Promise<Figure[]> {
  const why = whyNoPulumi();
  if (why) return [{ what: "both engines", value: `skipped: ${why}`, target: "none", peer: "" }];
  const embedded = await onFresh((moto) => measure({ ...moto.env, PANKA_ENGINE: "embedded" }));
  const pulumi = await onFresh((moto) =>
    withPlugin(moto, (port) => measure({ ...moto.env, PANKA_ENGINE: "pulumi", PULUMI_DEBUG_PROVIDERS: `aws:${port}` })),
  );
  return Object.keys(embedded).map((what) => ({
    what,
    value: `embedded: ${show(embedded[what] as Measured)}`,
    target: "none",
    peer: `pulumi: ${show(pulumi[what] as Measured)}`,
  }));
}

/** Each command's whole time. */
function measure(env: Record<string, string>): { [what: string]: Measured } {
  const own = { ...env, PANKA_PLUGIN_DIR: process.env.PANKA_PLUGIN_DIR ?? "" };
  const one = project(1);
  const many = project(COUNT);
  try {
    const start = panka(one, DEPLOY, own);
    const create = panka(many, DEPLOY, own);
    const again = bestOf(3, () => panka(many, DEPLOY, own));
    writeTopics(many, COUNT, 1);
    const plan = panka(many, ["plan", "-e", "cloud", "--json"], own);
    const change = panka(many, DEPLOY, own);
    return {
      "first deploy of 1 topic": start,
      [`first deploy of ${COUNT} topics`]: create,
      [`deploy of ${COUNT} topics without a change`]: again,
      [`plan of ${COUNT} topics with 1 change`]: plan,
      [`deploy of ${COUNT} topics with 1 change`]: change,
    };
  } finally {
    for (const folder of [one, many]) rmSync(folder, { recursive: true });
  }
}

/** Serves Pulumi's AWS plugin from a process of its own: the commands measured block this one. */
async function withPlugin<T>(moto: Moto, body: (port: number) => T): Promise<T> {
  const main = join(ROOT, "test", "support", "pulumi-plugin-main.ts");
  const child: ChildProcess = spawn(process.execPath, ["--import", "tsx", main], {
    cwd: ROOT,
    env: { ...process.env, ...moto.env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  try {
    const port = await new Promise<number>((resolve, reject) => {
      child.stdout?.once("data", (text) => resolve(Number(String(text).trim())));
      child.once("exit", () => reject(new Error("the plugin ended before it served")));
    });
    return body(port);
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
}
