/** YAML stacks in memory: files in, model and problems out. */
import { posix } from "node:path";
import { registry } from "../../constructs/registry.js";
import { type Diagnostic, DiagnosticBag } from "../../framework/base/diagnostics.js";
import type { ModelInput, ResolvedModel, ResolveOptions } from "../../framework/model/stack-model.js";
import { resolveModel } from "../../framework/overlays/resolve.js";
import type { FileSystem } from "../../framework/yaml/files.js";
import { findEntry, readYamlStack } from "../../framework/yaml/read.js";

/** A file system of the given files (absolute path -> text). `links`: path -> real path. */
export function memoryFiles(files: { [path: string]: string }, links: { [path: string]: string } = {}): FileSystem {
  const real = (path: string): string => links[path] ?? path;
  const below = (folder: string): string[] => Object.keys(files).filter((f) => f.startsWith(`${folder}/`));
  return {
    kindOf: (path) => (files[real(path)] !== undefined ? "file" : below(path).length > 0 ? "folder" : undefined),
    list: (folder) =>
      [
        ...new Set(
          [...below(folder), ...Object.keys(links).filter((l) => posix.dirname(l) === folder)].map(
            (f) => f.slice(folder.length + 1).split("/")[0] as string,
          ),
        ),
      ].sort(),
    real,
    read: (path) => files[real(path)] as string,
    size: (path) => (files[real(path)] as string).length,
  };
}

/** What came of a stack. */
export interface Outcome {
  input: ModelInput | undefined;
  model: ResolvedModel | undefined;
  problems: Diagnostic[];
  /** `file:line:column code`, in order. */
  codes: string[];
}

/** Reads and resolves a YAML stack at /p. File names are relative to it. */
export async function resolveYaml(
  files: { [name: string]: string },
  options: Partial<ResolveOptions> = {},
  links: { [name: string]: string } = {},
): Promise<Outcome> {
  const bag = new DiagnosticBag();
  const absolute = (map: { [name: string]: string }) => Object.fromEntries(Object.entries(map).map(([k, v]) => [`/p/${k}`, v]));
  const fs = memoryFiles({ ...absolute(files), "/p/.git/HEAD": "" }, absolute(links));
  const entry = findEntry({ cwd: "/p" }, fs);
  const input = await readYamlStack(entry, { registry, exclude: ["drafts"], files: fs }, bag);
  const defaults = {
    environment: "development",
    environmentClass: "development" as const,
    vars: {},
    configVariables: {},
    envVariables: {},
    git: {},
  };
  const model = input ? resolveModel(input, { ...defaults, ...options }, registry, bag) : undefined;
  const problems = bag.sorted();
  return { input, model, problems, codes: problems.map((d) => `${d.file ?? ""}:${d.line ?? ""}:${d.column ?? ""} ${d.code}`) };
}

/** A stack.yaml: the head (4 lines up to and with `---`, then Service `svc`), then the given documents. */
export function stackWith(...documents: string[]): string {
  return [
    "apiVersion: core.panka.io/v1\nkind: Stack\nmetadata: { name: s }\nspec: { provider: { name: aws, region: us-east-1 } }",
    "apiVersion: core.panka.io/v1\nkind: Service\nmetadata: { name: svc }",
    ...documents,
  ].join("\n---\n");
}

/** A component document. `spec` is one line of flow YAML. */
export function component(kind: string, name: string, spec = "{}", metadata = ""): string {
  return `apiVersion: components.panka.io/v1\nkind: ${kind}\nmetadata: { name: ${name}${metadata} }\nspec: ${spec}`;
}

/** An infra document. */
export function infra(kind: string, name: string, spec: string, metadata = ""): string {
  return `apiVersion: infra.panka.io/v1\nkind: ${kind}\nmetadata: { name: ${name}${metadata} }\nspec: ${spec}`;
}
