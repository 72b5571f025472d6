/**
 * The scheduler: runs tasks as soon as what they need is done, so many at once, fewer when the provider throttles.
 * It knows nothing of resources.
 */

/** How a task ended. */
export type TaskEnd = "done" | "failed" | "skipped" | "interrupted";

/** One task. */
export interface Task {
  id: string;
  /** Must be done first; if one is not, this task is skipped. Ids that are no tasks count as done. */
  needs: readonly string[];
  /** Must have ended first, however. */
  after?: readonly string[];
  /** Runs it. `failed` was reported by the task itself. A throw is fatal: it ends the whole run. */
  run(): Promise<"done" | "failed" | "interrupted">;
  /** Called instead of `run` when a need was not done; `because` is the id of the first one. */
  skip(because: string, end: TaskEnd): void;
}

/** How many tasks run at once: halved when throttled, slowly raised again. */
export class Width {
  private current: number;
  private calm = 0;
  /** @param most the upper limit */
  constructor(private readonly most: number) {
    this.current = most;
  }

  /** Tasks that may run now. */
  get value(): number {
    return this.current;
  }

  /** The provider throttled a call. */
  throttled(): void {
    this.current = Math.max(1, Math.floor(this.current / 2));
    this.calm = 0;
  }

  /** A call went through. */
  passed(): void {
    if (this.current >= this.most) return;
    this.calm += 1;
    if (this.calm < 10) return;
    this.calm = 0;
    this.current += 1;
  }
}

/** Runs all tasks; resolves when each has ended. Rejects at once with what a task threw; nothing is started after that. */
export function runTasks(tasks: readonly Task[], width: Width): Promise<Map<string, TaskEnd>> {
  return new Promise((resolve, reject) => {
    const run = new TaskRun(tasks, width, resolve, reject);
    run.pump();
  });
}

class TaskRun {
  private readonly ends = new Map<string, TaskEnd>();
  private readonly blocked = new Map<string, number>();
  private readonly users = new Map<string, Task[]>();
  private ready: Task[] = [];
  private next = 0;
  private running = 0;
  private stopped = false;

  constructor(
    private readonly tasks: readonly Task[],
    private readonly width: Width,
    private readonly resolve: (ends: Map<string, TaskEnd>) => void,
    private readonly reject: (error: unknown) => void,
  ) {
    const ids = new Set(tasks.map((t) => t.id));
    for (const task of tasks) {
      const waits = new Set([...task.needs, ...(task.after ?? [])].filter((id) => ids.has(id)));
      this.blocked.set(task.id, waits.size);
      for (const id of waits) {
        const list = this.users.get(id);
        if (list) list.push(task);
        else this.users.set(id, [task]);
      }
      if (waits.size === 0) this.ready.push(task);
    }
  }

  /** Starts what can be started; ends the run when nothing is left. */
  pump(): void {
    while (!this.stopped && this.running < this.width.value && this.next < this.ready.length) {
      const task = this.ready[this.next++] as Task;
      const bad = task.needs.find((id) => this.ends.has(id) && this.ends.get(id) !== "done");
      if (bad !== undefined) {
        const end = this.ends.get(bad) as TaskEnd;
        task.skip(bad, end);
        this.end(task, end === "interrupted" ? "interrupted" : "skipped");
      } else this.start(task);
    }
    if (this.stopped || this.running > 0 || this.next < this.ready.length) return;
    this.stopped = true;
    if (this.ends.size === this.tasks.length) this.resolve(this.ends);
    else this.reject(new Error(`tasks wait for each other: ${this.left().join(", ")}`));
  }

  private start(task: Task): void {
    this.running += 1;
    task.run().then(
      (end) => {
        this.running -= 1;
        this.end(task, end);
        this.pump();
      },
      (error) => {
        this.stopped = true;
        this.reject(error);
      },
    );
  }

  private end(task: Task, end: TaskEnd): void {
    this.ends.set(task.id, end);
    for (const user of this.users.get(task.id) ?? []) {
      const left = (this.blocked.get(user.id) ?? 1) - 1;
      this.blocked.set(user.id, left);
      if (left === 0) this.ready.push(user);
    }
  }

  private left(): string[] {
    return this.tasks.filter((t) => !this.ends.has(t.id)).map((t) => t.id);
  }
}
