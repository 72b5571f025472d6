/** Virtual time: events in order of their time, each run to its end (all promises settled) before the next begins. */

interface Event {
  at: number;
  order: number;
  run: (() => void) | undefined;
}

/** The one queue of a simulation. Times are ms since its start. */
export class Scheduler {
  time = 0;
  private heap: Event[] = [];
  private order = 0;

  /** Runs `run` after `ms`. Returns what calls it off. */
  after(ms: number, run: () => void): () => void {
    const event: Event = { at: this.time + Math.max(0, ms), order: this.order++, run };
    this.push(event);
    return () => {
      event.run = undefined;
    };
  }

  /** Runs the next event; false when there is none. Resolves when everything that it set off in this instant is over. */
  async step(): Promise<boolean> {
    for (;;) {
      const event = this.pop();
      if (!event) return false;
      if (!event.run) continue;
      this.time = event.at;
      event.run();
      await settle();
      return true;
    }
  }

  private push(event: Event): void {
    const { heap } = this;
    let i = heap.push(event) - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (before(heap[up] as Event, event)) break;
      heap[i] = heap[up] as Event;
      i = up;
    }
    heap[i] = event;
  }

  private pop(): Event | undefined {
    const { heap } = this;
    const top = heap[0];
    const last = heap.pop();
    if (!top || !last || heap.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Event, heap[child] as Event)) child += 1;
      if (before(last, heap[child] as Event)) break;
      heap[i] = heap[child] as Event;
      i = child;
    }
    heap[i] = last;
    return top;
  }
}

function before(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

/** Resolves when no promise is left to settle. Nothing in a simulation waits for anything but this queue. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
