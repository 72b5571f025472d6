/** How often each thing happened in a run: faults, takeover paths, rows of the recovery table. */

/** Counters by name. */
export class Counts {
  readonly all = new Map<string, number>();

  add(name: string, by = 1): void {
    this.all.set(name, (this.all.get(name) ?? 0) + by);
  }

  /** Adds those of another run. */
  merge(other: Iterable<readonly [string, number]>): void {
    for (const [name, n] of other) this.add(name, n);
  }
}
