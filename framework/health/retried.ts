/** A test that may fail a few times before it counts: what was deployed just now needs a moment to answer. */
import type { Clock } from "../base/clock.js";

/** How often and how fast. */
export interface Tries {
  retries: number;
  intervalSeconds: number;
}

/** How a test ended. */
export interface Tried {
  /** What was wrong the last time; undefined: it passed. */
  wrong: string | undefined;
  tries: number;
}

/** Tries until it passes or no retry is left; `failed` hears of each failure that is followed by another try. Rejects where `signal` fires. */
export async function retried(
  { retries, intervalSeconds }: Tries,
  attempt: () => Promise<string | undefined>,
  world: { clock: Clock; signal: AbortSignal; failed(wrong: string, left: number): void },
): Promise<Tried> {
  for (let tries = 1; ; tries++) {
    const wrong = await attempt();
    if (wrong === undefined || tries > retries) return { wrong, tries };
    world.failed(wrong, retries - tries + 1);
    await world.clock.sleep(intervalSeconds * 1000, world.signal);
  }
}
