/** Init: a new project from a template. Never overwrites a file; adds lines to an existing .gitignore. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { PankaError, usageError } from "../base/errors.js";
import { LABEL } from "../base/names.js";
import { nearest } from "../base/nearest.js";
import type { Ask } from "./context.js";
import { LANGUAGES, TEMPLATES } from "./templates.js";

/** What init is asked for; what is undefined is asked, or takes its default where nobody can answer. */
export interface InitRequest {
  cwd: string;
  packageRoot: string;
  version: string;
  folder?: string;
  template?: string;
  language?: string;
  name?: string;
  region?: string;
  ask?: Ask;
}

/** What init made. */
export interface InitResult {
  /** As the user would type it. */
  folder: string;
  stack: string;
  template: string;
  language: string;
  /** Relative to the folder, sorted. */
  files: string[];
  next: string;
}

/** Makes a project. Throws usage errors for unknown names, PankaError `would-overwrite` (exit 2) naming the files. */
export async function initProject(request: InitRequest): Promise<InitResult> {
  const { ask } = request;
  const template = await choose("template", request.template, Object.keys(TEMPLATES), "quickstart", ask, (t) => `${t}: ${TEMPLATES[t]}`);
  const language = await choose("language", alias(request.language), LANGUAGES, "yaml", ask);
  const folder = resolve(request.cwd, request.folder ?? ".");
  const proposed = labelOf(basename(folder)) ?? "my-stack";
  const name = request.name ?? ((ask ? await ask(`Name of the stack [${proposed}]: `) : "") || proposed);
  if (!LABEL.test(name)) {
    throw usageError("bad-name", `"${name}" can't be a stack's name; expected lower-case letters, digits and hyphens, at most 63`);
  }
  const region = request.region ?? "us-east-1";
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region))
    throw usageError("bad-region", `"${region}" is not an AWS region; expected one like us-east-1`);
  const source = join(request.packageRoot, "templates", template, language);
  const names = filesBelow(source);
  const taken = names.filter((file) => existsSync(join(folder, file)));
  if (taken.length > 0) {
    throw new PankaError(
      "would-overwrite",
      `${taken.join(", ")} ${taken.length === 1 ? "is" : "are"} already in ${shown(request.cwd, folder)}`,
      {
        exitCode: 2,
        next: "panka init FOLDER, with a new folder",
      },
    );
  }
  for (const file of names) {
    const text = fillTemplate(readFileSync(join(source, file), "utf8"), { name, region, version: request.version });
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text, { flag: "wx" });
  }
  ignore(folder, language === "typescript");
  const here = shown(request.cwd, folder);
  const steps = [here === "." ? "" : `cd ${here}`, language === "typescript" ? "npm install" : "", "panka deploy"].filter(Boolean);
  return { folder: here, stack: name, template, language, files: [".gitignore", ...names].sort(), next: steps.join(" && ") };
}

/** A template's text with its placeholders filled in. */
export function fillTemplate(text: string, values: { name: string; region: string; version: string }): string {
  return Object.entries(values).reduce((filled, [key, value]) => filled.replaceAll(`{{${key}}}`, value), text);
}

async function choose(
  what: string,
  given: string | undefined,
  known: string[],
  fallback: string,
  ask: Ask | undefined,
  describe: (name: string) => string = (n) => n,
): Promise<string> {
  const list = known.map((name, i) => `  ${i + 1}. ${describe(name)}\n`).join("");
  const answer = given ?? ((ask ? await ask(`Which ${what}?\n${list}[${fallback}]: `) : "") || fallback);
  return requireKnown(what, known[Number(answer) - 1] ?? answer, known);
}

/** The value, if it is one of those known; throws usage error `unknown-<what>` with the nearest one. */
export function requireKnown(what: string, value: string, known: string[]): string {
  if (known.includes(value)) return value;
  const guess = nearest(value, known);
  throw usageError(`unknown-${what}`, `unknown ${what} "${value}"; expected ${known.join(", ")}${guess ? `; did you mean ${guess}?` : ""}`);
}

function alias(language: string | undefined): string | undefined {
  return language === "ts" ? "typescript" : language === "yml" ? "yaml" : language;
}

/** The nearest legal label to a folder's name. */
function labelOf(text: string): string | undefined {
  const label = text
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, 63)
    .replace(/-+$/, "");
  return LABEL.test(label) ? label : undefined;
}

/** Files below a folder, relative to it, sorted. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
}

function ignore(folder: string, typescript: boolean): void {
  const file = join(folder, ".gitignore");
  const have = existsSync(file) ? readFileSync(file, "utf8") : "";
  const lines = [".panka/", "panka.out/", ...(typescript ? ["node_modules/"] : [])].filter((line) => !have.split(/\r?\n/).includes(line));
  if (lines.length > 0) writeFileSync(file, `${have}${have === "" || have.endsWith("\n") ? "" : "\n"}${lines.join("\n")}\n`);
}

function shown(cwd: string, folder: string): string {
  return relative(cwd, folder) || ".";
}
