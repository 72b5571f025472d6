/** A team's own kinds: modules named by `kinds:` of the configuration. */
import { isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Diagnostic, DiagnosticBag } from "../base/diagnostics.js";
import { usageError } from "../base/errors.js";
import { isPlainObject } from "../base/json.js";
import type { Kind, Registry } from "../model/kind.js";
import { programDiagnostics } from "./program-errors.js";
import { importModule } from "./program-module.js";

/** Where kinds are looked for. */
export interface KindsRequest {
  /** `kinds:` as written: packages, or paths relative to the project root. */
  kinds: readonly string[];
  /** Absolute. */
  projectRoot: string;
  packageRoot: string;
  /** The configuration file, for messages. */
  configFile: string;
  /** Panka's own kinds: their names are taken. */
  registry: Registry;
}

/** All kinds of all modules, in order. Throws usage error `bad-kinds` with every problem of every module. */
export async function loadKinds(request: KindsRequest): Promise<Kind[]> {
  const bag = new DiagnosticBag();
  const found: Kind[] = [];
  const taken = new Map<string, string>();
  for (const kind of request.registry.kinds) for (const name of [kind.name, ...(kind.aliases ?? [])]) taken.set(name, "Panka itself");
  for (const [i, name] of request.kinds.entries()) {
    const where = { file: request.configFile, path: `kinds[${i}]` };
    for (const kind of await kindsOf(name, where, request, bag)) {
      const owner = [kind.name, ...(kind.aliases ?? [])].map((n) => taken.get(n)).find((o) => o !== undefined);
      if (owner !== undefined)
        bag.error("kind-taken", `the kind ${kind.name} of ${name} has the name of a kind of ${owner}`, {
          ...where,
          expected: "another name",
        });
      for (const n of [kind.name, ...(kind.aliases ?? [])]) taken.set(n, name);
      found.push(kind);
    }
  }
  if (bag.hasErrors) throw usageError("bad-kinds", `the kinds of ${request.configFile} can't be used`, { diagnostics: bag.sorted() });
  return found;
}

type Where = Pick<Diagnostic, "file" | "path">;

/** The kinds that one module exports by default. */
async function kindsOf(name: string, where: Where, request: KindsRequest, bag: DiagnosticBag): Promise<Kind[]> {
  const path = name.startsWith(".") || isAbsolute(name) ? join(isAbsolute(name) ? "" : request.projectRoot, name) : undefined;
  let exported: unknown;
  try {
    const specifier = path === undefined ? name : pathToFileURL(path).href;
    exported = await importModule({ specifier, folder: request.projectRoot, packageRoot: request.packageRoot });
  } catch (error) {
    const program = { root: request.projectRoot, file: path ?? join(request.projectRoot, request.configFile) };
    bag.add(programDiagnostics(error, program).map((d) => ({ ...d, message: `${name}: ${d.message}`, path: where.path as string })));
    return [];
  }
  const list = Array.isArray(exported) ? exported : [exported];
  return list.filter((value, i): value is Kind => {
    const problems = kindProblems(value);
    const label = Array.isArray(exported) ? `${name}, export default [${i}]` : `${name}, export default`;
    for (const [what, expected] of problems) bag.error("bad-kind", `${label}: ${what}`, { ...where, expected });
    return problems.length === 0;
  });
}

const NAME = /^[A-Z][A-Za-z0-9]*$/;
const API_GROUP = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;

/** What is wrong with a value as a kind of a team's own, each with what was expected. */
function kindProblems(value: unknown): [what: string, expected: string][] {
  if (!isPlainObject(value))
    return [[`it is ${value === undefined ? "missing" : "no kind"}`, "a kind made with defineKind, or a list of them"]];
  const kind = value as Partial<Record<keyof Kind, unknown>>;
  const out: [string, string][] = [];
  const check = (good: boolean, what: string, expected: string): void => {
    if (!good) out.push([what, expected]);
  };
  check(typeof kind.name === "string" && NAME.test(kind.name), "name is no name of a kind", "a capital, then letters and digits: Cache");
  const group = kind.apiGroup;
  check(
    typeof group === "string" && API_GROUP.test(group) && !/(^|\.)panka\.io$/.test(group),
    "apiGroup is no group of your own",
    "a domain name of yours, such as acme.example.com",
  );
  check(kind.group === "components", `group is ${JSON.stringify(kind.group)}`, '"components"');
  check(typeof kind.summary === "string", "summary is missing", "one line for people");
  check(isStrictSchema(kind.schema), "schema is no strict object schema", "kindSchema({ ... })");
  check(isPlainObject(kind.outputs), "outputs is missing", "output name -> one line");
  check(Array.isArray(kind.infra), "infra is missing", "a list of sections of ComponentInfra, or []");
  check(typeof kind.stateful === "boolean", "stateful is missing", "true or false");
  check(typeof kind.expand === "function", "expand is missing", "expand(props, context)");
  return out;
}

/** True for a zod object, of whatever copy of zod, that refuses unknown keys. */
function isStrictSchema(value: unknown): boolean {
  const def = (value as { _zod?: { def?: { type?: string; catchall?: { _zod?: { def?: { type?: string } } } } } } | undefined)?._zod?.def;
  return def?.type === "object" && def.catchall?._zod?.def?.type === "never";
}
