/** Benchmarks of whole commands, as a user waits for them. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cleanEnv } from "../support/cli.js";
import { ROOT } from "../support/source-tree.js";
import { installed } from "./installed.js";
import { bestOf, type Figure, runProcess, show } from "./measure.js";
import { CONFIG, topicFiles } from "./stacks.js";

/** A project folder with a stack of that many topics; the caller removes it. */
export function project(count: number, changed = 0): string {
  const folder = mkdtempSync(join(tmpdir(), "panka-bench-"));
  mkdirSync(join(folder, ".home"));
  writeFileSync(join(folder, "panka.config.yaml"), CONFIG);
  writeTopics(folder, count, changed);
  return folder;
}

/** Writes the stack's files into a project folder. */
export function writeTopics(folder: string, count: number, changed: number): void {
  for (const [name, text] of Object.entries(topicFiles(count, changed))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** Runs `panka ARGS` of the packed package in a project folder. */
export function panka(folder: string, args: string[], env: Record<string, string> = {}): ReturnType<typeof runProcess> {
  return runProcess(process.execPath, [installed(), ...args], { cwd: folder, env: cleanEnv(join(folder, ".home"), env) });
}

/** `panka --version` and `panka version`. */
export function startUp(): Figure[] {
  const folder = project(1);
  try {
    const flag = bestOf(5, () => panka(folder, ["--version"]));
    const node = bestOf(5, () => runProcess(process.execPath, ["-e", "0"], { cwd: folder }));
    return [{ what: "panka --version", value: show(flag), target: "<= 0.12 s", peer: `node -e 0: ${show(node)}` }];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `panka synth` of 1,000 and 10,000 resources. */
export function synth(): Figure[] {
  return [1000, 10000].map((count) => {
    const folder = project(count);
    try {
      const m = bestOf(2, () => panka(folder, ["synth", "-e", "development", "--json"]));
      return {
        what: `synth of ${count} resources`,
        value: show(m),
        target: count === 1000 ? "<= 0.5 s" : "<= 2 s, <= 400 MB",
        peer: "cdk synth of 5,000: 6.1 s (measured elsewhere; not installed here)",
      };
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

/** `panka synth` of examples/platform: 60 components in 8 services, in both languages. */
export function platform(): Figure[] {
  return ["yaml", "typescript"].map((language) => {
    const folder = mkdtempSync(join(tmpdir(), "panka-bench-"));
    try {
      cpSync(join(ROOT, "examples/platform", language), folder, { recursive: true });
      mkdirSync(join(folder, ".home"));
      const nodes: number[] = [];
      const m = bestOf(9, () => {
        nodes.push(runProcess(process.execPath, ["-e", "0"], { cwd: folder }).seconds);
        return panka(folder, ["synth", "-e", "production", "--json"]);
      });
      const node = Math.min(...nodes);
      return {
        what: `synth of examples/platform (60 components), ${language}`,
        value: show(m),
        target: "<= 0.5 s",
        peer: `node -e 0 in between: ${node.toFixed(2)} s`,
      };
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

/** Deploy, deploy again, and a plan with ten changes, of 1,000 resources on the local provider. */
export function thousand(): Figure[] {
  const folder = project(1000);
  try {
    const first = panka(folder, ["deploy", "--yes", "-e", "development"]);
    const again = bestOf(3, () => panka(folder, ["deploy", "--yes", "-e", "development"]));
    writeTopics(folder, 1000, 10);
    const plan = bestOf(2, () => panka(folder, ["plan", "-e", "development", "--json"]));
    return [
      { what: "first deploy of 1,000 resources, local provider", value: show(first), target: "none", peer: "" },
      {
        what: "no-change deploy of 1,000 resources",
        value: show(again),
        target: "<= 1 s",
        peer: "terraform plan of 900: 16.2 s (measured elsewhere)",
      },
      { what: "plan of 1,000 resources with 10 changes", value: show(plan), target: "<= 2 s", peer: "" },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
