/** How the runner starts test files: each in a process of its own, or one after the other in a worker's. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const worker = fileURLToPath(new URL("test-worker.js", import.meta.url));

/** How a worker ends the output of a file; the exit code follows. */
export const END = "\u0004END";

function start(path, stdin) {
  return spawn(process.execPath, ["--import", "tsx", path], {
    cwd: root,
    stdio: [stdin, "pipe", "pipe"],
    env: { ...process.env, FORCE_COLOR: "0", NO_COLOR: "1" },
  });
}

/** Runs one file in a process of its own. */
function runAlone(path) {
  return new Promise((resolve) => {
    const child = start(path, "ignore");
    let output = "";
    child.stdout.on("data", (d) => (output += d));
    child.stderr.on("data", (d) => (output += d));
    child.on("close", (code) => resolve({ code, output }));
  });
}

/** A worker: `run(path)` runs a file in it; a worker that dies under a file fails that file, and the next one gets a new process. */
class Worker {
  #child;

  run(path) {
    this.#child ??= start(worker, "pipe");
    const child = this.#child;
    return new Promise((resolve) => {
      const texts = ["", ""];
      const done = (code, output) => {
        for (const stream of [child.stdout, child.stderr]) stream.removeAllListeners("data");
        child.removeAllListeners("close");
        resolve({ code, output });
      };
      for (const [i, stream] of [child.stdout, child.stderr].entries()) {
        stream.setEncoding("utf8");
        stream.on("data", (d) => {
          texts[i] += d;
          const ends = texts.map((text) => new RegExp(`\\n${END} (\\d+)\\n$`).exec(text));
          if (ends[0] && ends[1]) done(Number(ends[0][1]), texts.map((text, j) => text.slice(0, ends[j].index)).join("\n"));
        });
      }
      child.on("close", (code) => {
        this.#child = undefined;
        done(code || 1, `${texts.join("\n")}\nthe process ended before the file's end, with ${code}`);
      });
      child.stdin.write(`${path}\n`);
    });
  }

  /** Lets the process end, when it has written its coverage. */
  close() {
    const child = this.#child;
    if (!child) return Promise.resolve();
    return new Promise((resolve) => {
      child.on("close", resolve);
      child.stdin.end();
    });
  }
}

/**
 * Takes files one by one. Those that `shared` names run in the lane's worker: most of a small file's time is the start of a process.
 * `run(path)` gives exit code, output and ms; `close()` waits for the worker.
 */
export function makeLane(shared) {
  const own = new Worker();
  return {
    async run(path) {
      const started = Date.now();
      const done = await (shared(path) ? own.run(path) : runAlone(path));
      return { ...done, ms: Date.now() - started };
    },
    close: () => own.close(),
  };
}
