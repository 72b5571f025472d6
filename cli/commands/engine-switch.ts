/** `panka engine switch pulumi|embedded`: hands a deployed stack to the other engine. */
import { Command, Option } from "clipanion";
import { usageError } from "../../framework/base/errors.js";
import { StackCommand } from "../base-command.js";
import { printSwitch } from "../views/engine.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class EngineSwitchCommand extends StackCommand {
  static override paths = [["engine", "switch"]];
  static override usage = Command.Usage({
    category: GROUP.engine,
    description: "hand a deployed stack to the other engine",
    details: "Changes nothing in the cloud. Ends with a plan of the new engine, which must show no change, else nothing is switched.",
    examples: [["From Panka's own engine to Pulumi", "panka engine switch pulumi -e production"]],
  });
  engine = Option.String({ name: "engine" });

  protected async run(output: Output): Promise<number> {
    const { engine } = this;
    if (engine !== "pulumi" && engine !== "embedded")
      throw usageError("unknown-engine", `there is no engine "${engine}"; expected pulumi or embedded`);
    const { switchEngine } = await import("../../framework/operations/engine-switch.js");
    return printSwitch(await switchEngine(await this.openOne(output), engine), output);
  }
}
