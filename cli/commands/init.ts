/** `panka init` (new): a new project from a template. */
import { Command, Option } from "clipanion";
import { BaseCommand } from "../base-command.js";
import { makeAsk } from "../prompt.js";
import { envelope } from "../views/document.js";
import type { Output } from "../views/output.js";

/** The command. */
export class InitCommand extends BaseCommand {
  static override paths = [["init"], ["new"]];
  static override usage = Command.Usage({
    description: "start a project",
    details: "Templates: quickstart, web-service, worker; each as YAML or TypeScript. Never overwrites a file.",
    examples: [["Without questions", "panka init shop --template web-service --language yaml --yes"]],
  });
  folder = Option.String({ name: "FOLDER", required: false });
  template = Option.String("-t,--template", { description: "quickstart, web-service or worker" });
  language = Option.String("-l,--language", { description: "yaml or typescript" });
  name = Option.String("-n,--name", { description: "the stack's name (default: the folder's)" });
  region = Option.String("--region", { description: "the AWS region (default: us-east-1)" });
  yes = Option.Boolean("-y,--yes", false, { description: "don't ask; take the defaults" });

  protected async run(output: Output): Promise<number> {
    const { initProject } = await import("../../framework/operations/init.js");
    const { cwd, packageRoot, version } = this.context;
    const result = await initProject({
      cwd,
      packageRoot,
      version,
      folder: this.folder,
      template: this.template,
      language: this.language,
      name: this.name,
      region: this.region,
      ask: this.yes || output.json ? undefined : makeAsk(this.context),
    });
    if (output.json) output.document(envelope(true, result));
    else {
      output.out(`Made ${result.folder}:`);
      for (const file of result.files) output.out(`  ${file}`);
      output.out(`\n${output.paint.dim("Next:")} ${result.next}`);
    }
    return 0;
  }
}
