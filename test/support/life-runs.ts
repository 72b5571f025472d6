/** Lives of components, played: on the emulator through the official provider, or on the local provider with the official one asked beside it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import type { StateFile } from "../../framework/model/index.js";
import { fine, inFolder, jsonOf, linesOf, panka, writeFiles } from "./cli.js";
import { actionsOf, checkActions, differences, disagreements, left, type Made, remember } from "./life-checks.js";
import { isInfra, type Life, type Stage, stackOf } from "./lives.js";
import { hasAwsCli, type Moto } from "./moto.js";
import { providerOn, whyNoPlugin } from "./plugin.js";

const CONFIG = `version: 1
backend: { type: local }
environments:
  cloud: { provider: aws }
  model: { provider: local }
`;
const STAGES = ["new", "changed", "replaced"] as const;

/** Why no lives can be played here, or undefined if they can. */
export function whyNoLives(): string | undefined {
  return whyNoPlugin() ?? (hasAwsCli() ? undefined : "the AWS CLI is not on PATH");
}

/** A stack of lives. */
export interface Play {
  /** The stack's name. */
  name: string;
  lives: readonly Life[];
  /** Files beside the stack, by path. */
  files?: (stage: Stage) => { [path: string]: string };
  /** Paths by type that the emulator forgets. */
  forgotten?: { readonly [type: string]: readonly string[] };
}

/**
 * Deploys the stack on the emulator at each stage, then destroys it. Throws where a deploy fails or does otherwise than the lives say.
 * @returns what a second deploy or a plan with --refresh still found to do, and what is left in the end
 */
export async function playOnEmulator(moto: Moto, play: Play): Promise<string[]> {
  return inFolder({ "panka.config.yaml": CONFIG }, async (folder) => {
    const run = (...args: string[]) => panka(folder, [...args, "-e", "cloud"], moto.env);
    const made: Made = new Map();
    const problems: string[] = [];
    for (const stage of STAGES) {
      lay(folder, play, stage);
      checkActions(play.lives, stage, actionsOf(await run("deploy", "--yes", "--json")));
      remember(made, jsonOf(fine(await run("state", "pull"))));
      if (stage === "changed") problems.push(...Object.keys(actionsOf(await run("deploy", "--yes", "--json"))).map((c) => `again: ${c}`));
      else problems.push(...differences(jsonOf(await run("plan", "--json", "--refresh")), play.forgotten).map((d) => `${stage}: ${d}`));
    }
    actionsOf(await run("destroy", "--yes", "--json"));
    return [...problems, ...(await left(moto, made))];
  });
}

/** Deploys the stack with the local provider at each stage, then destroys it; the official one, on the emulator, must plan the same. */
export async function playBeside(moto: Moto, play: Play): Promise<void> {
  const provider = providerOn(moto);
  const components = play.lives.filter((life) => !isInfra(life));
  try {
    await inFolder({ "panka.config.yaml": CONFIG }, async (folder) => {
      const run = (...args: string[]) => panka(folder, [...args, "-e", "model"]);
      let before: StateFile | undefined;
      for (const stage of STAGES) {
        lay(folder, play, stage);
        const plan = jsonOf(fine(await panka(folder, ["plan", "--json", "-e", "cloud"], moto.env)));
        const planned = new Set(plan.changes.filter((c: any) => c.action === "create").map((c: any) => c.component));
        assert.ok(
          components.every(({ name }) => planned.has(`app/${name}`)),
          [...planned].join(),
        );
        const done = await run("deploy", "--yes", "--json");
        checkActions(play.lives, stage, actionsOf(done));
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
  }
}

function lay(folder: string, { name, lives, files }: Play, stage: Stage): void {
  writeFiles(folder, { "stack.yaml": stackOf(name, lives, stage), ...files?.(stage) });
}
