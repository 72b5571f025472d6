/** Reads panka.config.yaml and ~/.panka/config.yaml. Precedence between them is the CLI's. */
import { DiagnosticBag, type SourcePosition } from "../base/diagnostics.js";
import { usageError } from "../base/errors.js";
import { configSchema, type PankaConfig } from "../model/config.js";
import { checkValue } from "../model/check-value.js";
import { coerce } from "../model/coerce.js";
import { diagnose } from "../model/issues.js";
import type { PathSegment } from "../model/paths.js";
import type { FileSystem } from "./files.js";
import { nearestPosition, parseYaml } from "./parse.js";
import { nodeFiles } from "./read.js";

/**
 * The configuration in a file, or undefined if there is no such file. `name` is how the file is called in messages. Throws usage
 * error `bad-config` with all problems (unknown keys, wrong values, broken YAML), each with its line.
 */
export function readConfigFile(path: string, name: string, files: FileSystem = nodeFiles): PankaConfig | undefined {
  if (files.kindOf(path) !== "file") return undefined;
  const bag = new DiagnosticBag();
  const config = parseConfig(readText(path, name, files), name, bag);
  if (!config || bag.hasErrors) throw usageError("bad-config", `${name} has problems`, { diagnostics: bag.sorted() });
  return config;
}

/** The configuration in a text; problems go to the bag. An empty text is an empty configuration. */
export function parseConfig(source: string, name: string, bag: DiagnosticBag): PankaConfig | undefined {
  const [document, second] = parseYaml(source, name, bag);
  if (bag.hasErrors) return undefined;
  if (second) bag.error("two-documents", "a configuration file holds one document", second.start);
  if (!document || document.value === undefined || document.value === null) return {};
  return checked(document.value, (path) => nearestPosition(document, path), bag);
}

/** A value that a program gave as configuration, checked. Throws usage error `bad-config`; positions are the file's beginning. */
export function checkConfig(value: unknown, name: string): PankaConfig {
  const bag = new DiagnosticBag();
  const config = checked(value, () => ({ file: name, line: 1, column: 1 }), bag);
  if (!config || bag.hasErrors) throw usageError("bad-config", `${name} has problems`, { diagnostics: bag.sorted() });
  return config;
}

function checked(raw: unknown, locate: (path: readonly PathSegment[]) => SourcePosition, bag: DiagnosticBag): PankaConfig | undefined {
  const value = coerce(configSchema, raw, () => false);
  const result = checkValue(configSchema, value);
  if (result.success) return result.data;
  bag.add(diagnose(result.error.issues, { schema: configSchema, value, name: "", locate }));
  return undefined;
}

function readText(path: string, name: string, files: FileSystem): string {
  try {
    return files.read(path);
  } catch (error) {
    throw usageError("unreadable-file", `${name} can't be read`, { cause: error });
  }
}
