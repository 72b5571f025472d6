/** `panka synth`: writes panka.out/<stack>/<environment>/assembly.json and prints it with --json. */
import { Command } from "clipanion";
import type { Diagnostic } from "../../framework/base/diagnostics.js";
import { EXIT } from "../../framework/base/errors.js";
import { StackCommand } from "../base-command.js";
import { printDiagnostics } from "../views/diagnostics.js";
import { validationDocument } from "../views/document.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class SynthCommand extends StackCommand {
  static override paths = [["synth"]];
  static override usage = Command.Usage({
    category: GROUP.write,
    description: "write the assembly: what the stack is, as data",
    details: "Writes panka.out/<stack>/<environment>/assembly.json; --json prints it as well.",
    examples: [["The resources of the stack, as JSON", "panka synth --json"]],
  });

  protected async run(output: Output): Promise<number> {
    const { compile } = await import("../../framework/operations/compile.js");
    const context = await this.open(output);
    const compiled = await compile(context);
    if (output.json) {
      this.context.stdout.write(compiled.text);
      return EXIT.ok;
    }
    printDiagnostics(compiled.diagnostics, output);
    const { assembly, hash, notices } = compiled.synth;
    for (const notice of notices) output.out(`${output.paint.blue("note")}  ${notice}`);
    output.out(`${compiled.assemblyFile}  ${assembly.resources.length} resources, ${hash.slice(0, 12)}`);
    return EXIT.ok;
  }

  protected override failure(diagnostics: readonly Diagnostic[]): unknown {
    return validationDocument(false, diagnostics);
  }
}
