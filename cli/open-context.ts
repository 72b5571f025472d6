/** From the world and the flags to the context of a run: finds the stack, reads the configuration, settles the settings. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { isPankaError, usageError } from "../framework/base/errors.js";
import type { EventSink } from "../framework/model/events.js";
import type { Registry } from "../framework/model/kind.js";
import type { OperationContext, Settings } from "../framework/operations/context.js";
import { CONFIG_FILE, CONFIG_PROGRAM } from "../framework/yaml/discover.js";
import { findEntry, findProjectRoot, type StackEntry } from "../framework/yaml/read.js";
import { readConfigFile } from "../framework/yaml/config.js";
import type { World } from "./context.js";
import { makeFaults } from "./faults.js";
import { makeAsk } from "./prompt.js";
import { type ConfigFile, resolveSettings } from "./settings.js";
import { listenForStop } from "./signals.js";

/** Which stack, and where. */
export interface Place {
  path?: string | undefined;
  stack?: string | undefined;
  environment?: string | undefined;
}

/** What the command line says. */
export interface OpenRequest extends Place {
  vars: { [name: string]: string };
  /** Of a stack in several regions, the one. */
  region?: string | undefined;
  emit: EventSink;
  /** A person may be asked, if there is one. */
  ask: boolean;
  /** A line for people, on stderr. */
  say(line: string): void;
}

/** The context of a run. Throws usage errors and the problems of the configuration files. */
export async function openContext(world: World, request: OpenRequest): Promise<OperationContext> {
  const found = locate(world, request);
  const settings = await settingsOf(world, request, found);
  if (request.region !== undefined) {
    settings.region = request.region;
    settings.aws.environmentRegion = request.region;
  }
  const registry = await openRegistry(settings, world.packageRoot);
  return {
    settings,
    stackEntry: found.entry,
    noEntry: found.problem,
    stackName: request.stack,
    cwd: world.cwd,
    home: world.home,
    env: world.env,
    packageRoot: world.packageRoot,
    pankaVersion: world.version,
    clock: world.clock,
    random: world.random,
    registry,
    emit: request.emit,
    faults: makeFaults(world),
    stop: listenForStop(world, request.say),
    ask: request.ask ? makeAsk(world) : undefined,
    process: world.process,
    reads: world.reads,
    vars: request.vars,
  };
}

/** The settings alone, of the stack and environment that are asked for. Throws as {@link openContext} does. */
export async function readSettings(world: World, request: Place): Promise<Settings> {
  return settingsOf(world, request, locate(world, request));
}

async function settingsOf(world: World, { environment }: Place, { entry, projectRoot }: Located): Promise<Settings> {
  return resolveSettings({
    projectRoot,
    entry: entry?.file ?? entry?.folder ?? world.cwd,
    user: readConfig(join(world.home, ".panka", "config.yaml"), "~/.panka/config.yaml"),
    project: await readProject(projectRoot, world.packageRoot),
    env: world.env,
    flags: { ...(environment ? { environment } : {}) },
    stackEnvironments: entry ? environmentFolders(entry.folder) : [],
  });
}

/** Panka's kinds, and those that the configuration names. */
async function openRegistry(settings: Settings, packageRoot: string): Promise<Registry> {
  const { registry, registryWith } = await import("../constructs/registry.js");
  const { kinds, projectRoot } = settings;
  if (kinds.length === 0) return registry;
  const { loadKinds } = await import("../framework/operations/load-kinds.js");
  const configFile = settings.configFile ?? CONFIG_FILE;
  return registryWith(await loadKinds({ kinds, projectRoot, packageRoot, configFile, registry }));
}

/** panka.config.yaml, or panka.config.ts. Throws a usage error where both are there. */
async function readProject(root: string, packageRoot: string): Promise<ConfigFile | undefined> {
  const written = readConfig(join(root, CONFIG_FILE), CONFIG_FILE);
  if (!existsSync(join(root, CONFIG_PROGRAM))) return written;
  if (written)
    throw usageError("two-configs", `${CONFIG_FILE} and ${CONFIG_PROGRAM} are both here: a project has one configuration`, {
      next: "remove one of them",
    });
  const { readConfigProgram } = await import("../framework/operations/config-program.js");
  return { file: CONFIG_PROGRAM, config: await readConfigProgram(join(root, CONFIG_PROGRAM), CONFIG_PROGRAM, root, packageRoot) };
}

interface Located {
  entry: StackEntry | undefined;
  /** Why there is no entry; thrown by what needs one. */
  problem: Error | undefined;
  projectRoot: string;
}

/** Commands such as list and doctor work where no stack is, so its absence is kept, not thrown. */
function locate(world: World, request: Place): Located {
  try {
    const entry = findEntry({ cwd: world.cwd, path: request.path, stack: request.stack });
    return { entry, problem: undefined, projectRoot: entry.root };
  } catch (error) {
    if (!isPankaError(error) || request.path !== undefined) throw error;
    return { entry: undefined, problem: error, projectRoot: findProjectRoot(world.cwd) };
  }
}

function readConfig(path: string, name: string): ConfigFile | undefined {
  const config = readConfigFile(path, name);
  return config ? { file: name, config } : undefined;
}

/** Names of folders below the stack's environments/. */
function environmentFolders(folder: string): string[] {
  const base = join(folder, "environments");
  if (!statSync(base, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(base, { withFileTypes: true })
    .filter((e) => e.isDirectory())
    .map((e) => e.name)
    .sort();
}
