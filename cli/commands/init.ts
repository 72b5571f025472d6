/** `panka init` (new): a new project from a template. */
import { Command, Option } from "clipanion";
import { TEMPLATES } from "../../framework/operations/templates.js";
import { BaseCommand } from "../base-command.js";
import { makeAsk } from "../prompt.js";
import { envelope } from "../views/document.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

const names = Object.keys(TEMPLATES);
const list = names.map((name) => `${name} (${TEMPLATES[name]})`).join(", ");

/** The command. */
export class InitCommand extends BaseCommand {
  static override paths = [["init"], ["new"]];
  static override usage = Command.Usage({
    category: GROUP.write,
    description: "start a project",
    details: `Each template comes as YAML and as TypeScript. Never overwrites a file. Templates: ${list}.`,
    examples: [["Without questions", "panka init shop --template web-service --language yaml --yes"]],
  });
  folder = Option.String({ name: "FOLDER", required: false });
  template = Option.String("-t,--template", { description: `NAME: ${names.join(", ")}` });
  language = Option.String("-l,--language", { description: "LANGUAGE: yaml or typescript" });
  name = Option.String("-n,--name", { description: "NAME: the stack's name (default: the folder's)" });
  region = Option.String("--region", { description: "REGION: the AWS region (default: us-east-1)" });
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
