/** `panka backend create`: bucket, lock table and key for the state of real resources. */
import { Command, Option } from "clipanion";
import { EXIT, PankaError } from "../../framework/base/errors.js";
import { StackCommand } from "../base-command.js";
import { isYes } from "../prompt.js";
import { backendQuestion, printBackendCreate } from "../views/backend.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class BackendCreateCommand extends StackCommand {
  static override paths = [["backend", "create"]];
  static override usage = Command.Usage({
    category: GROUP.account,
    description: "make the place for the state: bucket, lock table, key",
    details: "Idempotent: completes what is missing, touches nothing else, and writes the names into panka.config.yaml.",
    examples: [["Make it in one region", "panka backend create --region eu-west-1"]],
  });
  bucket = Option.String("--bucket", { description: "NAME: the bucket's name (default: <account>-panka-state)" });
  table = Option.String("--table", { description: "NAME: the lock table's name (default: panka-state-locks)" });
  override region = Option.String("--region", { description: "REGION: of both" });
  noKms = Option.Boolean("--no-kms", false, { description: "no key of its own ($1 a month)" });
  printPolicies = Option.Boolean("--print-policies", false, { description: "print the IAM policies and make nothing" });
  yes = Option.Boolean("-y,--yes,--auto-approve", false, { description: "don't ask" });

  protected override regionOfStack(): undefined {
    return undefined;
  }

  protected async run(output: Output): Promise<number> {
    const { createBackend } = await import("../../framework/operations/backend-create.js");
    const { backendPlace, writeBackendConfig } = await import("../../framework/operations/backend-config.js");
    const { callerAccount } = await import("../../framework/operations/account.js");
    if (this.printPolicies) return this.cli.run(["backend", "check", "--print-policies", ...this.passOn()], this.context);
    const context = await this.open(output, undefined, { ask: !this.yes });
    const { aws } = context.settings;
    const place = await backendPlace(context, this, (region) => callerAccount({ region, ...aws }));
    if (!this.yes && !(context.ask && isYes(await context.ask(backendQuestion(place))))) {
      throw new PankaError("not-confirmed", "not confirmed; nothing was made", {
        exitCode: EXIT.refused,
        next: "panka backend create --yes",
      });
    }
    const steps = await createBackend(place, context.clock, (line) => output.err(line));
    return printBackendCreate(place, steps, writeBackendConfig(context, place), output);
  }

  /** The flags that `backend check` takes, too. */
  private passOn(): string[] {
    const flags = { "--bucket": this.bucket, "--table": this.table, "--region": this.region, "-e": this.environment };
    return [...Object.entries(flags).flatMap(([k, v]) => (v === undefined ? [] : [k, v])), ...(this.noKms ? ["--no-kms"] : [])];
  }
}
