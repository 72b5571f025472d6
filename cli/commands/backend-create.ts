/** `panka backend create`: bucket, lock table and key for the state of real resources. */
import { Command, Option } from "clipanion";
import { usageError } from "../../framework/base/errors.js";
import { StackCommand } from "../base-command.js";
import type { Output } from "../views/output.js";

/** The command. */
export class BackendCreateCommand extends StackCommand {
  static override paths = [["backend", "create"]];
  static override usage = Command.Usage({ description: "make the place for the state: bucket, lock table, key" });
  bucket = Option.String("--bucket", { description: "the bucket's name (default: <account>-panka-state)" });
  table = Option.String("--table", { description: "the lock table's name (default: panka-state-locks)" });
  region = Option.String("--region", { description: "the region of both" });
  noKms = Option.Boolean("--no-kms", false, { description: "no key of its own ($1 a month)" });
  yes = Option.Boolean("-y,--yes,--auto-approve", false, { description: "don't ask" });

  protected async run(_output: Output): Promise<number> {
    throw usageError("not-supported", "panka backend create is not supported yet");
  }
}
