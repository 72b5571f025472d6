/** The help pages: all commands by what they are for, or one command with its options. */
import type { Definition } from "clipanion";
import { ABOUT_STACK, GROUP } from "../groups.js";
import { type Output, wrap } from "./output.js";

/** One option as it is shown. */
export interface ShownOption {
  /** `-e, --environment NAME`. */
  usage: string;
  description: string;
}

/** What a page needs to know of where it is shown. */
type Shown = Pick<Output, "paint" | "columns">;

/** Options that every command has: after its own. */
const ALL = ["--json", "--no-color", "--verbose"];

/** All commands. */
export function overview(definitions: readonly Definition[], version: string, { paint, columns }: Shown): string {
  const lines = [
    `Panka ${version}: describe an application, deploy it to AWS`,
    "",
    `${paint.bold("Usage")}  panka COMMAND [PATH] [options]`,
  ];
  const width = Math.max(...definitions.map((d) => nameOf(d).length));
  for (const group of Object.values(GROUP)) {
    lines.push("", paint.bold(group));
    for (const d of definitions) if (d.category === group) lines.push(...row(nameOf(d), d.description ?? "", width, columns));
  }
  lines.push("", paint.bold("Begin with"), "  panka init my-app", "", "panka COMMAND --help says more about one.");
  return lines.join("\n");
}

/** The commands that begin with one word, such as `panka state`. */
export function groupPage(definitions: readonly Definition[], { paint, columns }: Shown): string {
  const width = Math.max(...definitions.map((d) => nameOf(d).length));
  const rows = definitions.flatMap((d) => row(nameOf(d), d.description ?? "", width, columns));
  return [paint.bold("Commands"), ...rows, "", "panka COMMAND --help says more about one."].join("\n");
}

/** One command. */
export function commandPage(definition: Definition, aliases: readonly string[], { paint, columns }: Shown): string {
  const lines = [`${paint.bold("Usage")}  ${usageOf(definition)}`, "", ...wrap(definition.description ?? "", columns, "")];
  if (definition.details) lines.push("", ...wrap(definition.details, columns, ""));
  if (aliases.length > 0) lines.push("", `Also: ${aliases.map((name) => `panka ${name}`).join(", ")}`);
  const sections = optionsOf(definition);
  const width = Math.min(34, Math.max(...Object.values(sections).flatMap((list) => list.map((o) => o.usage.length))));
  for (const [title, options] of Object.entries(sections)) {
    if (options.length === 0) continue;
    lines.push("", paint.bold(title), ...options.flatMap((o) => row(o.usage, o.description, width, columns)));
  }
  if (definition.examples?.length) {
    lines.push("", paint.bold("Examples"));
    for (const [what, typed] of definition.examples) lines.push(`  ${paint.dim(`# ${what}`)}`, `  ${typed}`);
  }
  return lines.join("\n");
}

/** `state locks` of `panka state locks`. */
export function nameOf({ path }: Definition): string {
  return path.split(" ").slice(1).join(" ");
}

/** How a command is typed: its words, what it must have, and `[options]`. */
export function usageOf({ usage, options }: Definition): string {
  return [usage, ...options.filter((o) => o.required).map(optionUsage), "[options]"].join(" ");
}

/** The options of a command: its own, those about a stack, those of all commands. */
export function optionsOf({ options }: Definition): { [section: string]: ShownOption[] } {
  const aboutStack = (o: Given): boolean => o.description === (ABOUT_STACK as { [name: string]: string })[longName(o)];
  const ofAll = (o: Given): boolean => ALL.includes(longName(o));
  const of = (wanted: (option: Given) => boolean): ShownOption[] =>
    options.filter(wanted).map((o) => ({ usage: optionUsage(o), description: (o.description ?? "").replace(VALUE, "") }));
  return {
    Options: of((o) => !aboutStack(o) && !ofAll(o)),
    "Options about the stack": of(aboutStack),
    "Options of all commands": of(ofAll),
  };
}

type Given = Definition["options"][number];

/** Names of an option: clipanion writes them as `-e,--environment #0`. */
function namesOf({ definition }: Given): string[] {
  return (definition.split(" ")[0] ?? "").split(",");
}

function longName(option: Given): string {
  const names = namesOf(option);
  return names.find((name) => name.startsWith("--")) ?? names[0] ?? "";
}

function optionUsage(option: Given): string {
  const value = option.definition.includes(" #") ? ` ${valueName(option.description)}` : "";
  return `${namesOf(option).join(", ")}${value}`;
}

/** A description begins with what stands for the option's value, as in `K=V: a variable's value`. */
const VALUE = /^(\S*[A-Z]\S*): /;

function valueName(description = ""): string {
  return VALUE.exec(description)?.[1] ?? "VALUE";
}

/** A name and what it means, wrapped beside it; below it where the name is long. */
function row(name: string, meaning: string, width: number, columns: number): string[] {
  const indent = " ".repeat(width + 4);
  const [first = "", ...rest] = wrap(meaning, Math.max(columns - indent.length, 30), "");
  const more = rest.map((line) => `${indent}${line}`);
  if (name.length > width) return [`  ${name}`, `${indent}${first}`, ...more];
  return [`  ${name.padEnd(width)}  ${first}`, ...more];
}
