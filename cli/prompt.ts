/** Questions to a person on the terminal. The question goes to stderr, so that stdout keeps the result only. */
import { Writable } from "node:stream";
import { PankaError } from "../framework/base/errors.js";
import type { Ask } from "../framework/operations/context.js";
import type { World } from "./context.js";

/** How long a prompt waits: the lock is held meanwhile. */
export const PROMPT_TIMEOUT_MS = 15 * 60_000;

/** Asks in this world; undefined where no person can answer. */
export function makeAsk(world: World): Ask | undefined {
  if (!world.interactive) return undefined;
  return async (question, options) => {
    // Loaded where a question is asked: most commands ask none.
    const { createInterface } = await import("node:readline");
    return new Promise((resolve, reject) => {
      const lines = createInterface({ input: world.stdin, output: world.stderr, terminal: false });
      const limit = new AbortController();
      world.clock.sleep(options?.timeoutMs ?? PROMPT_TIMEOUT_MS, limit.signal).then(
        () => {
          finish();
          world.stderr.write("\n");
          reject(new PankaError("prompt-timeout", "nobody answered within the time for it; nothing was changed", { exitCode: 5 }));
        },
        () => {},
      );
      let answered = false;
      const finish = () => {
        answered = true;
        limit.abort();
        lines.close();
      };
      lines.once("line", (line) => {
        finish();
        resolve(line.trim());
      });
      lines.once("close", () => {
        if (answered) return;
        limit.abort();
        reject(new PankaError("no-answer", "the terminal was closed without an answer; nothing was changed", { exitCode: 5 }));
      });
      world.stderr.write(question);
    });
  };
}

/** True for y and yes, in any case. */
export function isYes(answer: string): boolean {
  return /^y(es)?$/i.test(answer.trim());
}

/** A value that must not be seen: typed without an echo where a person is, else all of stdin but one line end. Throws PankaError `no-answer`. */
export async function readSecret(world: World, question: string): Promise<string> {
  if (!world.interactive) {
    const { text } = await import("node:stream/consumers");
    return (await text(world.stdin)).replace(/\r?\n$/, "");
  }
  const { createInterface } = await import("node:readline");
  world.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: world.stdin, output: nowhere, terminal: true });
  try {
    return await new Promise((resolve, reject) => {
      const ended = (): void => reject(new PankaError("no-answer", "no value was given; nothing was changed", { exitCode: 5 }));
      lines.once("line", resolve);
      lines.once("SIGINT", ended);
      lines.once("close", ended);
    });
  } finally {
    lines.close();
    world.stderr.write("\n");
  }
}
