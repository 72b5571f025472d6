/** `panka state locks`: who holds the locks of a stack in an environment. */
import { Command } from "clipanion";
import { ListingCommand } from "../base-command.js";
import { printList } from "../list-format.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class StateLocksCommand extends ListingCommand {
  static override paths = [["state", "locks"]];
  static override usage = Command.Usage({
    category: GROUP.state,
    description: "show who holds the lock",
    examples: [["Who is deploying production?", "panka state locks -e production"]],
  });

  protected async run(output: Output): Promise<number> {
    const format = this.listFormat();
    const { stateLocks } = await import("../../framework/operations/state-locks.js");
    const rows = await stateLocks(await this.open(output));
    await printList(
      rows,
      [
        { name: "scope", read: (r) => r.scope },
        { name: "lock id", read: (r) => r.lockId },
        { name: "who", read: (r) => `${r.metadata.user}@${r.metadata.host}` },
        { name: "operation", read: (r) => r.metadata.operation },
        { name: "since", read: (r) => r.lockedAt },
        { name: "last beat", read: (r) => r.lastHeartbeat },
        { name: "fence", read: (r) => String(r.fence), wide: true },
        { name: "pid", read: (r) => String(r.metadata.pid), wide: true },
        { name: "ci", read: (r) => r.metadata.ciUrl ?? "", wide: true },
        { name: "frees itself", read: (r) => r.expiresAt, wide: true },
      ],
      format,
      output,
      "No lock is held.",
    );
    return 0;
  }
}
