/** A Pulumi stack for one run: its back end, a home folder of its own, the checkpoint written from the state. */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf, PankaError } from "../../base/errors.js";
import { type CliWorld, findCli } from "./cli.js";
import type { Deployment } from "./deployment.js";
import type { PulumiSdk } from "./sdk.js";

/** Where and how. */
export interface WorkspaceOptions extends CliWorld {
  sdk: PulumiSdk;
  /** Pulumi's project is Panka's stack, its stack Panka's environment. */
  project: string;
  stack: string;
  /** Back end; undefined: a file back end in a temporary folder, for previews. */
  url: string | undefined;
  /** Encrypts secrets in the checkpoint. */
  passphrase: string;
}

/** An open workspace. Close it. */
export interface Workspace {
  stack: Awaited<ReturnType<PulumiSdk["automation"]["LocalWorkspace"]["createStack"]>>;
  /** Replaces the checkpoint. */
  write(deployment: Deployment): Promise<void>;
  close(): Promise<void>;
}

/** Makes the stack. Throws PankaError `no-pulumi`, `pulumi-failed`; a stack that can't be made is never fallen back from. */
export async function openWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const { automation } = options.sdk;
  const cli = findCli(options);
  const folder = await mkdtemp(join(tmpdir(), "panka-pulumi-"));
  const close = () => rm(folder, { recursive: true, force: true });
  try {
    const [home, work, store] = await Promise.all(["home", "work", "state"].map((name) => makeFolder(join(folder, name))));
    await sharePlugins(options, home as string);
    const url = options.url ?? `file://${store}`;
    const command = await automation.PulumiCommand.get(cli);
    const stack = await automation.LocalWorkspace.createStack(
      { stackName: options.stack, projectName: options.project, program: async () => {} },
      {
        pulumiCommand: command,
        workDir: work as string,
        pulumiHome: home as string,
        secretsProvider: "passphrase",
        projectSettings: { name: options.project, runtime: "nodejs", main: work as string, backend: { url } },
        // The variables win over the project's settings, and a user's own ones must not move a checkpoint.
        envVars: { ...FIXED, PULUMI_BACKEND_URL: url, PULUMI_CONFIG_PASSPHRASE: options.passphrase },
      },
    );
    // Secrets in clear are taken only where the document names the provider that encrypts them.
    const { encryptionSalt: salt } = await stack.workspace.stackSettings(options.stack);
    const secrets = { secrets_providers: { type: "passphrase", state: { salt } } };
    const write = ({ deployment, ...rest }: Deployment) =>
      guarded("the checkpoint could not be written", () =>
        stack.importStack({ ...rest, deployment: { ...deployment, ...secrets } } as never),
      );
    return { stack, write, close };
  } catch (error) {
    await close();
    throw error instanceof PankaError ? error : failed("Pulumi could not make its stack", error);
  }
}

/** What every call of the CLI is told: no prompt, no notice, no copies beside the checkpoint. */
const FIXED = {
  PULUMI_SKIP_UPDATE_CHECK: "true",
  PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
  PULUMI_DIY_BACKEND_NO_LEGACY_WARNING: "true",
};

async function makeFolder(path: string): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  return path;
}

/** The plugins that are installed serve the run's own home, too. */
async function sharePlugins(world: CliWorld, home: string): Promise<void> {
  const shared = join(world.env.PULUMI_HOME || join(world.home, ".pulumi"), "plugins");
  if (!existsSync(shared)) await mkdir(shared, { recursive: true });
  await symlink(shared, join(home, "plugins"));
}

/** Runs a call of the CLI; its failure becomes one sentence. */
export async function guarded<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw failed(what, error);
  }
}

/** A failed CLI call as an error that says what Pulumi said. */
export function failed(what: string, error: unknown): PankaError {
  return new PankaError("pulumi-failed", `${what}: ${cleanMessage(messageOf(error))}`, { cause: error });
}

/** The part of a failed command's text that says why: its lines on stderr, without colours and without the progress on stdout. */
export function cleanMessage(text: string): string {
  const stderr = /stderr: ([\s\S]*?)\n err\?:/.exec(text)?.[1] ?? text;
  const lines = stderr.split("\n").map((line) => line.replace(/<\{%[a-z_ ]*%\}>/g, "").trim());
  const wanted = lines.filter((line) => line !== "" && !/^(WARN|warning:|Command failed)/.test(line));
  return [...new Set(wanted)].join("; ").slice(0, 1000);
}
