/** `panka backend check`: what of the back end is there; with --print-policies, who needs which rights. */
import { Command, Option } from "clipanion";
import { usageError } from "../../framework/base/errors.js";
import { StackCommand } from "../base-command.js";
import { printBackendCheck } from "../views/backend.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

const ROLES = ["deployer", "approver", "reader", "operator"] as const;

/** The command. */
export class BackendCheckCommand extends StackCommand {
  static override paths = [["backend", "check"]];
  static override usage = Command.Usage({
    category: GROUP.account,
    description: "check the place for the state: bucket, lock table, key",
    examples: [["Policies for deployer, approver, reader and operator, as JSON", "panka backend check --print-policies"]],
  });
  bucket = Option.String("--bucket", { description: "NAME: the bucket's name (default: the configured one, else <account>-panka-state)" });
  table = Option.String("--table", { description: "NAME: the lock table's name (default: the configured one, else panka-state-locks)" });
  override region = Option.String("--region", { description: "REGION: of both" });
  noKms = Option.Boolean("--no-kms", false, { description: "no key of its own" });
  printPolicies = Option.Boolean("--print-policies", false, { description: "print IAM policies instead; JSON, role by role" });
  role = Option.String("--role", { description: "ROLE: only this role's policy: deployer, approver, reader or operator" });

  protected override regionOfStack(): undefined {
    return undefined;
  }

  protected async run(output: Output): Promise<number> {
    const { backendPlace } = await import("../../framework/operations/backend-config.js");
    const { callerAccount } = await import("../../framework/operations/account.js");
    const context = await this.open(output);
    const { aws, backend } = context.settings;
    const account = (region: string): Promise<string> => callerAccount({ region, ...aws });
    const place = await backendPlace(context, this, account);
    if (!this.printPolicies) {
      const { checkBackend } = await import("../../framework/operations/backend-check.js");
      return printBackendCheck(place, await checkBackend(place), output);
    }
    const { backendPolicy } = await import("../../framework/operations/backend-policies.js");
    const wanted = ROLES.filter((r) => this.role === undefined || r === this.role);
    if (wanted.length === 0) throw usageError("unknown-role", `there is no role "${this.role}"; there are ${ROLES.join(", ")}`);
    const prefix = backend?.type === "s3" && backend.prefix ? { prefix: backend.prefix.replace(/^\/+|\/+$/g, "") } : {};
    const names = { ...place, ...prefix, account: await account(place.region) };
    output.document(Object.fromEntries(wanted.map((r) => [r, backendPolicy(r, names)])));
    return 0;
  }
}
