/** A Pulumi stack for one run: its back end, a home folder of its own, the checkpoint written from the state. */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Random } from "../../base/clock.js";
import { messageOf, PankaError } from "../../base/errors.js";
import { type CliWorld, findCli } from "./cli.js";
import type { Json } from "../../base/json.js";
import type { Deployment } from "./deployment.js";
import { passphraseSecrets } from "./passphrase.js";
import { pulumiHome, shareLogin } from "./login.js";
import type { PulumiSdk } from "./sdk.js";

/** Where a checkpoint is, and what encrypts the secrets in it. */
export interface CheckpointPlace {
  /** Back end; undefined: a file back end in a temporary folder, for previews. */
  url: string | undefined;
  /** In Pulumi Cloud, where the stack may be there already: whose it is, "" for the one who is logged in. */
  organization?: string;
  /** The URL of a key that Pulumi calls itself (`awskms://...`), or a passphrase. */
  secrets: { key: string } | { passphrase: string };
}

/** Where and how. */
export interface WorkspaceOptions extends CliWorld {
  sdk: PulumiSdk;
  random: Random;
  /** Pulumi's project is Panka's stack, its stack Panka's environment. */
  project: string;
  stack: string;
  checkpoint: CheckpointPlace;
}

/** An open workspace. Close it. */
export interface Workspace {
  stack: Awaited<ReturnType<PulumiSdk["automation"]["LocalWorkspace"]["createStack"]>>;
  /** Replaces the checkpoint. */
  write(deployment: Deployment): Promise<void>;
  close(): Promise<void>;
}

/** Makes the stack. Throws PankaError `no-pulumi`, `no-pulumi-login`, `pulumi-failed`; a stack that can't be made is never fallen back from. */
export async function openWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const { organization } = options.checkpoint;
  const cli = findCli(options);
  const folder = await mkdtemp(join(tmpdir(), "panka-pulumi-"));
  const close = () => rm(folder, { recursive: true, force: true });
  try {
    const [home = "", work = "", store = ""] = await Promise.all(["home", "work", "state"].map((name) => makeFolder(join(folder, name))));
    await sharePlugins(options, home);
    const url = options.checkpoint.url ?? `file://${store}`;
    if (organization !== undefined) await shareLogin(options, url, home);
    const name = organization ? `${organization}/${options.project}/${options.stack}` : options.stack;
    const stack = await makeStack(options, { name, url, home, work, command: await options.sdk.automation.PulumiCommand.get(cli) });
    // Secrets in clear are taken only where the document names the provider that encrypts them.
    const secrets_providers = namedProvider(await stack.workspace.stackSettings(name));
    const imported = ({ deployment, ...rest }: Deployment) =>
      stack.importStack({ ...rest, deployment: { ...deployment, secrets_providers } } as never);
    const write = (document: Deployment) =>
      guarded("the checkpoint could not be written", () =>
        imported(document).catch(async (error: unknown) => {
          if (!(error instanceof options.sdk.automation.ConcurrentUpdateError)) throw error;
          // Ours is the lock, so what is still running there has lost it.
          await stack.cancel();
          await imported(document);
        }),
      );
    return { stack, write, close };
  } catch (error) {
    await close();
    throw error instanceof PankaError ? error : failed("Pulumi could not make its stack", error);
  }
}

type PulumiCommand = Awaited<ReturnType<PulumiSdk["automation"]["PulumiCommand"]["get"]>>;
type Places = { name: string; url: string; home: string; work: string; command: PulumiCommand };

/** A new stack; in Pulumi Cloud the one that is there, else a new one: only "not found" leads to that. */
async function makeStack(options: WorkspaceOptions, { name, url, home, work, command }: Places): Promise<Workspace["stack"]> {
  const { LocalWorkspace } = options.sdk.automation;
  const { secrets, organization } = options.checkpoint;
  const passphrase = "passphrase" in secrets ? secrets.passphrase : "";
  const program = { stackName: name, projectName: options.project, program: async () => {} };
  const settings = {
    pulumiCommand: command,
    workDir: work,
    pulumiHome: home,
    secretsProvider: "key" in secrets ? secrets.key : "passphrase",
    projectSettings: { name: options.project, runtime: "nodejs" as const, main: work, backend: { url } },
    // The variables win over the project's settings, and a user's own ones must not move a checkpoint.
    envVars: { ...FIXED, PULUMI_BACKEND_URL: url, PULUMI_CONFIG_PASSPHRASE: passphrase },
  };
  if (organization === undefined) return LocalWorkspace.createStack(program, settings);
  // A stack that is there has another run's salt; the checkpoint is replaced as a whole, so it gets one of this run.
  const { salt } = passphraseSecrets(passphrase, options.random);
  const own = { [name]: { secretsProvider: "passphrase", encryptionSalt: salt } };
  return LocalWorkspace.createOrSelectStack(program, { ...settings, stackSettings: own });
}

/** What encrypts, as a checkpoint names it. */
function namedProvider(settings: { secretsProvider?: string; encryptedKey?: string; encryptionSalt?: string }): Json {
  const { encryptionSalt, encryptedKey, secretsProvider } = settings;
  if (encryptedKey) return { type: "cloud", state: { url: secretsProvider ?? "", encryptedkey: encryptedKey } };
  return { type: "passphrase", state: { salt: encryptionSalt ?? "" } };
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
  const shared = join(pulumiHome(world), "plugins");
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
