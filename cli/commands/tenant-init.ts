/** `panka tenant init`: onboards a team. */
import { Command, Option } from "clipanion";
import type { OperationContext } from "../../framework/operations/context.js";
import type { TenantEnvironment } from "../../framework/operations/tenant-workflow.js";
import { StackCommand } from "../base-command.js";
import { envelope } from "../views/document.js";
import type { Output } from "../views/output.js";
import { GROUP } from "../groups.js";

/** The command. */
export class TenantInitCommand extends StackCommand {
  static override paths = [["tenant", "init"]];
  static override usage = Command.Usage({
    category: GROUP.account,
    description: "onboard a team: tenant, roles, first stack, owners, workflow",
    details: "Never overwrites a file or a tenant; run again, it completes what is missing.",
    examples: [["A team of its own", "panka tenant init payments --team-owner @acme/payments --platform-owner @acme/platform"]],
  });
  team = Option.String({ name: "TEAM" });
  override entry = Option.String("--path", { description: "PATH: the stack file or folder" });
  template = Option.String("-t,--template", "quickstart", { description: "NAME: template of the first stack (default: quickstart)" });
  override region = Option.String("--region", { description: "REGION: of the first stack (default: the configuration's, us-east-1)" });
  teamOwner = Option.String("--team-owner", { description: "NAME: the team in CODEOWNERS (default: @TEAM)" });
  platformOwner = Option.String("--platform-owner", "@platform", {
    description: "NAME: the platform team in CODEOWNERS (default: @platform)",
  });

  repository = Option.String("--repository", {
    description: "OWNER/NAME: the repository on GitHub, for the roles (default: that of the remote origin)",
  });

  protected override regionOfStack(): undefined {
    return undefined;
  }

  protected async run(output: Output): Promise<number> {
    const { initTenant } = await import("../../framework/operations/tenant-init.js");
    const { callerAccount } = await import("../../framework/operations/account.js");
    const context = await this.open(output);
    const { aws, backend } = context.settings;
    const done = await initTenant(context, {
      name: this.team,
      template: this.template,
      region: this.region ?? aws.environmentRegion ?? aws.fallbackRegion ?? "us-east-1",
      teamOwner: this.teamOwner ?? `@${this.team}`,
      platformOwner: this.platformOwner,
      ...(this.repository === undefined ? {} : { repository: this.repository }),
      environments: await this.environments(context),
      account: () => callerAccount({ region: backend?.type === "s3" ? backend.region : "us-east-1", ...aws }),
    });
    if (output.json) output.document(envelope(true, done));
    else {
      output.out(`${done.created ? "Set up" : "Was set up already:"} tenant ${done.tenant} at ${done.location}`);
      for (const file of done.files) output.out(`  ${file}`);
      output.out("\nWhat is left to do:");
      for (const line of done.checklist) output.out(`  [ ] ${line}`);
    }
    return 0;
  }

  /** What the workflow deploys to: the environments of the configuration that are on AWS; without any there, the one that is asked for. */
  private async environments({ settings }: OperationContext): Promise<TenantEnvironment[]> {
    const { readSettings } = await import("../open-context.js");
    const names = settings.environments.length > 0 ? settings.environments : [settings.environment];
    const all = await Promise.all(
      names.map((environment) => readSettings(this.context, { path: this.entry, stack: this.stack, environment })),
    );
    return all
      .filter((s) => s.provider === "aws")
      .map((s) => ({ name: s.environment, class: s.environmentClass, approval: s.approval !== undefined }));
  }
}
