/** `panka eject --to pulumi`: a plain Pulumi project of a deployed stack. */
import { Option, Command } from "clipanion";
import { usageError } from "../../framework/base/errors.js";
import { StackCommand } from "../base-command.js";
import { printEjected } from "../views/engine.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class EjectCommand extends StackCommand {
  static override paths = [["eject"]];
  static override usage = Command.Usage({
    category: GROUP.engine,
    description: "write a deployed stack as a plain Pulumi project",
    details:
      "The project holds a TypeScript program of the same resources and the state to go on from; its first preview shows no change. " +
      "Changes nothing in the cloud. Its README says how to go on.",
    examples: [["Into the folder shop-pulumi", "panka eject --to pulumi -e production --out shop-pulumi"]],
  });
  to = Option.String("--to", { description: "TOOL: pulumi", required: true });
  out = Option.String("--out", { description: "FOLDER: the new folder (default: STACK-pulumi)" });

  protected async run(output: Output): Promise<number> {
    if (this.to !== "pulumi") throw usageError("unknown-tool", `--to ${this.to} is not supported; expected pulumi`);
    const { eject } = await import("../../framework/operations/eject.js");
    return printEjected(await eject(await this.openOne(output), this.out === undefined ? {} : { folder: this.out }), output);
  }
}
