/** docs/reference/commands.md, from the commands' own definitions. */
import { aliasesOf, type Described } from "../cli/help.js";
import { GROUP } from "../cli/groups.js";
import { describedCommands } from "../cli/run.js";
import { nameOf, optionsOf, type ShownOption, usageOf } from "../cli/views/help.js";

const HEAD = `# Commands

Generated from what \`panka COMMAND --help\` says. \`PATH\` is a stack's file or folder; without it the stack is looked for in the folder that you are in
and in \`stacks/\`. Exit codes and the shapes of \`--json\`: [README](../../README.md#commands), [output.schema.json](output.schema.json).
`;

function optionTable(options: readonly ShownOption[]): string[] {
  const cell = (text: string): string => text.replaceAll("|", "\\|");
  return ["| option | meaning |", "|---|---|", ...options.map((o) => `| \`${o.usage}\` | ${cell(o.description)} |`), ""];
}

function section(command: Described): string[] {
  const { Options: own = [], "Options about the stack": stack = [] } = optionsOf(command);
  const aliases = aliasesOf(command);
  const also = aliases.length === 0 ? "" : ` Also ${aliases.map((name) => `\`panka ${name}\``).join(", ")}.`;
  return [
    `### panka ${nameOf(command)}`,
    "",
    `    ${usageOf(command)}`,
    "",
    `${sentence(command.description ?? "")}${command.details ? ` ${command.details}` : ""}${also}`,
    "",
    ...(stack.length > 0 ? ["Takes the options about the stack.", ""] : []),
    ...(own.length > 0 ? optionTable(own) : []),
    ...(command.examples?.length
      ? ["Examples:", "", ...command.examples.flatMap(([what, typed]) => [`    # ${what}`, `    ${typed}`]), ""]
      : []),
  ];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

const commands = describedCommands("");
const plan = commands.find((command) => nameOf(command) === "plan") as Described;

/** The whole page. */
export function commandsPage(): string {
  const lines = [HEAD, "## Options of all commands", "", ...optionTable(optionsOf(plan)["Options of all commands"] ?? [])];
  lines.push("## Options about the stack", "", ...optionTable(optionsOf(plan)["Options about the stack"] ?? []));
  for (const group of Object.values(GROUP)) {
    lines.push(`## ${group}`, "");
    for (const command of commands) if (command.category === group) lines.push(...section(command));
  }
  return lines.join("\n");
}
