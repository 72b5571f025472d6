/** `panka --help`, `panka COMMAND --help`, `panka help COMMAND`: what is asked about, and the page that answers. */
import type { Definition } from "clipanion";
import { commandPage, groupPage, overview } from "./views/help.js";
import type { Output } from "./views/output.js";

/** A command with all its names: words, each list of them one way to type it; the first is its own. */
export interface Described extends Definition {
  paths: readonly (readonly string[])[];
}

/**
 * The words of the command that a command line asks about, none for all commands; undefined where no help is asked for. The first word of
 * several commands alone (`panka state`) asks, too.
 */
export function askedAbout(args: readonly string[], commands: readonly Pick<Described, "paths">[]): string[] | undefined {
  // What comes after `--` is no option.
  const own = args.includes("--") ? args.slice(0, args.indexOf("--")) : args;
  const half = args.length === 1 && !isCommand(args, commands) && commands.some(({ paths }) => paths.some(([first]) => first === args[0]));
  const asked = half || args.length === 0 || own[0] === "help" || own.includes("-h") || own.includes("--help");
  if (!asked) return undefined;
  const words = own[0] === "help" ? own.slice(1) : own;
  const flag = words.findIndex((word) => word.startsWith("-"));
  return flag < 0 ? [...words] : words.slice(0, flag);
}

function isCommand(words: readonly string[], commands: readonly Pick<Described, "paths">[]): boolean {
  return commands.some(({ paths }) => paths.some((path) => path.join(" ") === words.join(" ")));
}

/** The page about a command, a group of commands (`state`) or, without words, all; undefined where there is no such command. */
export function helpAbout(words: readonly string[], commands: readonly Described[], version: string, output: Output): string | undefined {
  if (words.length === 0) return overview(commands, version, output);
  const named = commands.flatMap((command) => command.paths.map((path) => ({ command, path })));
  const [exact] = named.filter(({ path }) => path.every((word, i) => word === words[i])).sort((a, b) => b.path.length - a.path.length);
  if (exact) return commandPage(exact.command, aliasesOf(exact.command), output);
  const group = words.length === 1 ? commands.filter(({ paths }) => paths.some(([first]) => first === words[0])) : [];
  return group.length > 0 ? groupPage(group, output) : undefined;
}

/** The other names of a command; flags such as `--version` are none. */
export function aliasesOf({ paths }: Described): string[] {
  const others = paths.slice(1).map((path) => path.join(" "));
  return others.filter((name) => !name.startsWith("-"));
}
