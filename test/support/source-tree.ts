/** The project's own sources as syntax trees, for the checks that hold its conventions. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** The project's root folder. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** One source file. */
export interface SourceFile {
  /** Path from the root, with `/`. */
  path: string;
  text: string;
  tree: ts.SourceFile;
}

/** All .ts files below the given folders of the root, sorted. */
export function sources(...folders: string[]): SourceFile[] {
  return folders
    .flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true }).map((name) => join(ROOT, folder, String(name))))
    .filter((path) => path.endsWith(".ts") && statSync(path).isFile())
    .sort()
    .map((path) => {
      const text = readFileSync(path, "utf8");
      return {
        path: relative(ROOT, path).replaceAll("\\", "/"),
        text,
        tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true),
      };
    });
}

/** An import of a file: where to, and whether only for types. */
export interface Import {
  /** As written. */
  specifier: string;
  /** Path from the root for relative imports, else undefined. */
  target: string | undefined;
  typeOnly: boolean;
  /** `await import()`. */
  lazy: boolean;
}

/** All imports and re-exports of a file, dynamic ones included. */
export function importsOf(file: SourceFile): Import[] {
  const found: Import[] = [];
  const add = (specifier: string, typeOnly: boolean, lazy: boolean) => {
    const target = specifier.startsWith(".")
      ? relative(ROOT, join(ROOT, file.path, "..", specifier))
          .replaceAll("\\", "/")
          .replace(/\.js$/, ".ts")
      : undefined;
    found.push({ specifier, target, typeOnly, lazy });
  };
  const visit = (node: ts.Node): void => {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier &&
      ts.isStringLiteral(node.moduleSpecifier)
    ) {
      const typeOnly = ts.isImportDeclaration(node) ? (node.importClause?.isTypeOnly ?? false) : node.isTypeOnly;
      add(node.moduleSpecifier.text, typeOnly, false);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const argument = node.arguments[0];
      if (argument && ts.isStringLiteral(argument)) add(argument.text, false, true);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
      add(node.argument.literal.text, true, false);
    }
    ts.forEachChild(node, visit);
  };
  visit(file.tree);
  return found;
}

/** Line of a node, from 1. */
export function lineOf(file: SourceFile, node: ts.Node): number {
  return file.tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;
}
