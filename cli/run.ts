/** From arguments to an exit code: parses with clipanion, runs the command, turns parse errors into exit 2 with the nearest name. */
import { Cli } from "clipanion";
import { EXIT, messageOf, usageError } from "../framework/base/errors.js";
import { nearest } from "../framework/base/nearest.js";
import { COMMANDS } from "./commands/index.js";
import type { World } from "./context.js";
import { askedAbout, type Described, helpAbout } from "./help.js";
import { diagnosticsOf, printDiagnostics } from "./views/diagnostics.js";
import { envelope } from "./views/document.js";
import { makeOutput, type Output } from "./views/output.js";

/** Commands of the design that a later version brings. */
const LATER = [
  ["logs"], ["metrics"], ["health"], ["test"], ["exec"], ["drift"], ["adopt"],
  ["secret", "rotate"], ["policy"], ["cost"], ["preflight"], ["explain"], ["env"], ["rehearse"], ["console"], ["completion"],
]; // biome-ignore format: a list of names

/** Runs one command line. Never throws. */
export async function runCli(argv: string[], world: World): Promise<number> {
  const words = askedAbout(argv, COMMANDS);
  if (words) return help(words, argv, world);
  const cli = makeCli(world.version, commandsFor(argv[0]));
  try {
    return await cli.run(cli.process(argv, world), world);
  } catch (error) {
    return refuse(makeCli(world.version, COMMANDS), argv, error, world);
  }
}

function help(words: string[], argv: string[], world: World): number {
  const output = outputOf(argv, world);
  const text = helpAbout(words, describedCommands(world.version), world.version, output);
  if (text === undefined) return refuse(makeCli(world.version, COMMANDS), words, undefined, world);
  output.out(text);
  return EXIT.ok;
}

/** All commands as they define themselves, with all their names. */
export function describedCommands(version: string): Described[] {
  const commands = new Map(COMMANDS.map((command) => [`panka ${command.paths?.[0]?.join(" ")}`, command]));
  return makeCli(version, COMMANDS)
    .definitions()
    .map((definition) => {
      const command = commands.get(definition.path);
      // As they were written: clipanion breaks lines in its own way.
      return { ...definition, ...command?.usage, paths: command?.paths ?? [] };
    });
}

type CommandList = readonly (typeof COMMANDS)[number][];

/** Those that the first word may mean; all where it names none. Building the parser of every command takes 35 ms. */
function commandsFor(word: string | undefined): CommandList {
  const some = COMMANDS.filter((command) => (command.paths ?? []).some((path) => path[0] === word));
  return some.length > 0 ? some : COMMANDS;
}

function makeCli(version: string, commands: CommandList): Cli<World> {
  const cli = new Cli<World>({ binaryLabel: "Panka", binaryName: "panka", binaryVersion: version, enableColors: false });
  for (const command of commands) cli.register(command);
  return cli;
}

function refuse(cli: Cli<World>, argv: string[], error: unknown, world: World): number {
  const output = outputOf(argv, world);
  const failure = explain(cli, argv, error);
  const diagnostics = diagnosticsOf(failure);
  if (output.json) output.document(envelope(false, null, diagnostics));
  else printDiagnostics(diagnostics, output);
  if (output.verbose && error instanceof Error && error.stack) output.err(error.stack);
  return EXIT.usage;
}

/** The output of a command line that no command was made of. */
function outputOf(argv: string[], world: World): Output {
  const has = (flag: string): boolean => argv.includes(flag);
  return makeOutput(world, { json: has("--json"), verbose: has("--verbose"), noColor: has("--no-color") });
}

function explain(cli: Cli<World>, argv: string[], error: unknown): Error {
  const words = argv.filter((a) => !a.startsWith("-"));
  const paths = cli.definitions().map((d) => ({ words: d.path.split(" ").slice(1), options: d.options }));
  const known = paths
    .filter((p) => p.words.length > 0 && p.words.every((w, i) => w === argv[i]))
    .sort((a, b) => b.words.length - a.words.length)[0];
  if (!known) {
    const asked = words.slice(0, 2).join(" ");
    const later = LATER.find((l) => l.every((w, i) => words[i] === w));
    if (later) return usageError("not-supported", `panka ${later.join(" ")} is not supported yet`, { next: "panka --help" });
    const names = [...new Set(paths.flatMap((p) => [p.words.join(" "), p.words[0] ?? ""]))];
    const guess = nearest(asked, names) ?? nearest(words[0] ?? "", names);
    const what = words.length > 0 ? `unknown command "${asked}"` : `unknown option "${argv[0]}"`;
    return usageError("unknown-command", guess ? `${what}; did you mean ${guess}?` : what, {
      next: guess ? `panka ${guess} --help` : "panka --help",
    });
  }
  const name = known.words.join(" ");
  const own = known.options.flatMap((o) => o.definition.match(/--?[a-z][a-z-]*/g) ?? []);
  const flags = [...new Set([...own, "-h", "--help"])];
  for (const arg of argv) {
    const flag = arg.split("=")[0] ?? arg;
    if (!flag.startsWith("-") || flags.includes(flag)) continue;
    const guess = nearest(flag, flags);
    return usageError("unknown-flag", `panka ${name} has no option ${flag}${guess ? `; did you mean ${guess}?` : ""}`, {
      next: `panka ${name} --help`,
    });
  }
  const reason = messageOf(error).split("\n")[0] ?? "";
  const clear = /^(Not enough|Extraneous|Missing|Unsupported|Invalid|Command not found)/.test(reason);
  return usageError(
    "bad-arguments",
    clear ? `panka ${name}: ${reason.replace(/\.$/, "")}` : `panka ${name}: these arguments don't fit together`,
    {
      next: `panka ${name} --help`,
    },
  );
}
