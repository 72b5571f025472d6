/**
 * Finds the provider plugin on this machine, where Terraform would look: a mirror named by PANKA_PLUGIN_DIR, the CLI
 * configuration (TF_CLI_CONFIG_FILE or ~/.terraformrc), TF_PLUGIN_CACHE_DIR, ~/.terraform.d/plugins,
 * /usr/share/terraform/plugins, our own cache. Only the pinned version counts.
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PankaError } from "../../base/errors.js";

/** Which plugin, and where its publisher releases it. Read from data/download.json. */
export interface PluginPin {
  version: string;
  /** Name of archives and programs: `terraform-provider-aws`. */
  product: string;
  host: string;
  namespace: string;
  type: string;
  /** Address under which `<version>/<product>_<version>_<os>_<arch>.zip` lies. */
  releases: string;
  /** The publisher's OpenPGP key, beside this file. */
  keyFile: string;
  /** Its fingerprint, upper-case hex. */
  fingerprint: string;
}

/** What the search needs of the world. */
export interface SearchContext {
  env: { [name: string]: string | undefined };
  /** Home folder of the user. */
  home: string;
  /** Our own cache; archives from mirrors are unpacked into it. */
  cacheDir: string;
  /** Defaults: this machine's. */
  platform?: string;
  arch?: string;
}

/** Reads the pin from the data folder. */
export function readPin(dataDir: string): PluginPin {
  return JSON.parse(readFileSync(join(dataDir, "download.json"), "utf8")) as PluginPin;
}

/** `linux_amd64`, as the publisher names platforms. */
export function platformName(context: Pick<SearchContext, "platform" | "arch">): string {
  const os = context.platform ?? process.platform;
  const arch = context.arch ?? process.arch;
  const oses: { [name: string]: string } = { win32: "windows" };
  const arches: { [name: string]: string } = { x64: "amd64", ia32: "386" };
  return `${oses[os] ?? os}_${arches[arch] ?? arch}`;
}

/** A place that is searched, and why. */
export interface Place {
  folder: string;
  because: string;
}

/** The places in order. Throws PankaError `plugin-dir` when PANKA_PLUGIN_DIR names a folder that is not there. */
export function places(context: SearchContext): Place[] {
  const { env, home } = context;
  const out: Place[] = [];
  if (env.PANKA_PLUGIN_DIR) {
    if (!existsSync(env.PANKA_PLUGIN_DIR)) {
      throw new PankaError("plugin-dir", `PANKA_PLUGIN_DIR names a folder that is not there: ${env.PANKA_PLUGIN_DIR}`, {
        next: "unset PANKA_PLUGIN_DIR, or make it the root of a Terraform filesystem mirror",
      });
    }
    out.push({ folder: env.PANKA_PLUGIN_DIR, because: "PANKA_PLUGIN_DIR" });
  }
  const file = env.TF_CLI_CONFIG_FILE || join(home, ".terraformrc");
  for (const folder of configured(file, home)) out.push({ folder, because: file });
  if (env.TF_PLUGIN_CACHE_DIR) out.push({ folder: env.TF_PLUGIN_CACHE_DIR, because: "TF_PLUGIN_CACHE_DIR" });
  out.push({ folder: join(home, ".terraform.d", "plugins"), because: "Terraform's default" });
  out.push({ folder: "/usr/share/terraform/plugins", because: "Terraform's default" });
  out.push({ folder: join(context.cacheDir, "plugins"), because: "panka's cache" });
  return out;
}

/** Folders that a Terraform CLI configuration names: the path of each filesystem_mirror, plugin_cache_dir. */
function configured(file: string, home: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return [];
  }
  const plain = text.replace(/^\s*(#|\/\/).*$/gm, "");
  const folders: string[] = [];
  for (const m of plain.matchAll(/filesystem_mirror\s*\{[^}]*?\bpath\s*=\s*"([^"]+)"/g)) folders.push(m[1] as string);
  for (const m of plain.matchAll(/^\s*plugin_cache_dir\s*=\s*"([^"]+)"/gm)) folders.push(m[1] as string);
  return folders.map((f) => f.replace(/^(~|\$HOME)(?=\/)/, home));
}

/** The plugin's program, or undefined when no place has the pinned version for this platform. */
export async function findPlugin(pin: PluginPin, context: SearchContext): Promise<string | undefined> {
  for (const place of places(context)) {
    const base = join(place.folder, pin.host, pin.namespace, pin.type);
    const unpacked = programIn(join(base, pin.version, platformName(context)), pin);
    if (unpacked) return unpacked;
    const archive = join(base, `${pin.product}_${pin.version}_${platformName(context)}.zip`);
    if (existsSync(archive)) return unpackCached(archive, pin, context);
  }
  return undefined;
}

/** Where our cache keeps the program. */
export function cacheFolder(pin: PluginPin, context: SearchContext): string {
  return join(context.cacheDir, "plugins", pin.host, pin.namespace, pin.type, pin.version, platformName(context));
}

/** The program in a folder, or undefined. */
function programIn(folder: string, pin: PluginPin): string | undefined {
  try {
    const name = readdirSync(folder).find((n) => n.startsWith(`${pin.product}_v${pin.version}`) && !n.endsWith(".zip"));
    const file = name === undefined ? undefined : join(folder, name);
    return file !== undefined && statSync(file).isFile() ? file : undefined;
  } catch {
    return undefined;
  }
}

/** Unpacks an archive of a mirror into our cache. The mirror is the user's own, so it is trusted, as Terraform does. */
async function unpackCached(archive: string, pin: PluginPin, context: SearchContext): Promise<string> {
  const folder = cacheFolder(pin, context);
  return programIn(folder, pin) ?? (await unpack(new Uint8Array(readFileSync(archive)), folder, pin, archive));
}

/**
 * Unpacks the program of an archive into a folder, whole or not at all.
 * @throws PankaError `plugin-archive` when the archive is broken or holds no program
 */
export async function unpack(zip: Uint8Array, folder: string, pin: PluginPin, from: string): Promise<string> {
  const { unzipSync } = await import("fflate");
  let files: { [name: string]: Uint8Array };
  try {
    files = unzipSync(zip, { filter: (f) => f.name.startsWith(`${pin.product}_v`) && !f.name.includes("/") });
  } catch (cause) {
    throw new PankaError("plugin-archive", `the archive can't be unpacked: ${from}`, { cause, next: "delete it and try again" });
  }
  const [name, data] = Object.entries(files)[0] ?? [];
  if (name === undefined || data === undefined) throw new PankaError("plugin-archive", `the archive holds no ${pin.product}: ${from}`);
  mkdirSync(dirname(folder), { recursive: true });
  const draft = `${folder}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft);
  writeFileSync(join(draft, name), data);
  chmodSync(join(draft, name), 0o755);
  try {
    renameSync(draft, folder);
  } catch {
    // Another run was first; its program is the same.
    rmSync(draft, { recursive: true, force: true });
  }
  const program = programIn(folder, pin);
  if (!program) throw new PankaError("plugin-archive", `the archive holds another version than ${pin.version}: ${from}`);
  return program;
}
