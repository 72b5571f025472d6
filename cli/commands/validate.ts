/** `panka validate`: every problem of a stack, in one run. Needs no configuration, credentials, network or plugin. */
import { Command } from "clipanion";
import type { Diagnostic } from "../../framework/base/diagnostics.js";
import { EXIT } from "../../framework/base/errors.js";
import { StackCommand } from "../base-command.js";
import { printDiagnostics } from "../views/diagnostics.js";
import { validationDocument } from "../views/document.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class ValidateCommand extends StackCommand {
  static override paths = [["validate"]];
  static override usage = Command.Usage({
    category: GROUP.write,
    description: "check a stack, all problems at once",
    details: "Without -e it checks every environment that the stack names.",
    examples: [["Check the stack in this folder", "panka validate"]],
  });

  protected async run(output: Output): Promise<number> {
    const { validate } = await import("../../framework/operations/validate.js");
    const context = await this.open(output);
    const result = await validate(context, { allEnvironments: this.environment === undefined });
    if (output.json) output.document(validationDocument(result.ok, result.diagnostics));
    else {
      printDiagnostics(result.diagnostics, output);
      const errors = result.diagnostics.filter((d) => d.severity === "error").length;
      const counts = `${result.components} ${result.components === 1 ? "component" : "components"}, ${result.environments.join(", ")}`;
      if (result.ok) output.out(`${output.paint.green("ok")}  ${result.stack}: ${counts}`);
      else output.err(`${errors} ${errors === 1 ? "problem" : "problems"} in ${result.stack}`);
    }
    if (result.ok) return EXIT.ok;
    return result.refused ? EXIT.refused : EXIT.failed;
  }

  protected override failure(diagnostics: readonly Diagnostic[]): unknown {
    return validationDocument(false, diagnostics);
  }
}
