import { test } from "uvu";
import * as assert from "uvu/assert";
import ts from "typescript";
import { lineOf, type SourceFile, sources } from "../support/source-tree.js";

const files = sources("framework", "constructs", "cli", "testing");

/** `file:line` of each node for which `is` says true. */
function found(all: readonly SourceFile[], is: (node: ts.Node) => boolean): string[] {
  const places: string[] = [];
  for (const file of all) {
    const go = (node: ts.Node): void => {
      if (is(node)) places.push(`${file.path}:${lineOf(file, node)}`);
      ts.forEachChild(node, go);
    };
    go(file.tree);
  }
  return places;
}

/** Functions of node:child_process that hand a text to a shell, and the option that does. */
const SHELLS = new Set(["exec", "execSync"]);

const usesShell = (node: ts.Node): boolean =>
  (ts.isImportSpecifier(node) &&
    node.parent.parent.parent.moduleSpecifier.getText() === '"node:child_process"' &&
    SHELLS.has((node.propertyName ?? node.name).text)) ||
  (ts.isBindingElement(node) && SHELLS.has((node.propertyName ?? node.name).getText())) ||
  (ts.isPropertyAssignment(node) && node.name.getText() === "shell");

/** Properties of a DynamoDB request that are read as code. */
const EXPRESSIONS = /^(Condition|Update|Filter|KeyCondition|Projection)Expression$/;

/** True for a text that is written out, a choice between such texts, or one that was made elsewhere: see {@link isMixed}. */
function isLiteral(node: ts.Expression): boolean {
  if (ts.isConditionalExpression(node)) return isLiteral(node.whenTrue) && isLiteral(node.whenFalse);
  return ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isIdentifier(node);
}

/** True for a text that is read as a condition and has something else put into it than the number of a placeholder. */
function isMixed(node: ts.Node): boolean {
  if (!ts.isTemplateExpression(node) || !/attribute_(not_)?exists|#e\d?\$|#e\d*\.| = :/.test(node.getText())) return false;
  return node.templateSpans.some(({ expression }) => !/^i( \+ \d)?$/.test(expression.getText()));
}

const isExpression = (node: ts.Node): node is ts.PropertyAssignment =>
  ts.isPropertyAssignment(node) && EXPRESSIONS.test(node.name.getText());

test("no child process is started through a shell", () => {
  assert.equal(found(files, usesShell), []);
});

test("conditions and updates of DynamoDB are written out: values reach them as parameters only", () => {
  assert.ok(found(files, isExpression).length > 8);
  assert.equal(
    found(files, (node) => (isExpression(node) && !isLiteral(node.initializer)) || isMixed(node)),
    [],
  );
});

test("a shell and a value in a condition are found", () => {
  const planted = (text: string): SourceFile => ({
    path: "planted.ts",
    text,
    tree: ts.createSourceFile("planted.ts", text, ts.ScriptTarget.Latest, true),
  });
  const texts = [
    'import { execSync } from "node:child_process";',
    'const { exec } = load("node:child_process");',
    'spawn("ls", { shell: true });',
  ];
  for (const text of texts) assert.is(found([planted(text)], usesShell).length, 1, text);
  const direct = planted("send({ ConditionExpression: `lockId = ${id}` });");
  assert.is(found([direct], (node) => isExpression(node) && !isLiteral(node.initializer)).length, 1);
  assert.is(found([planted("const condition = `#e0.lockId = :old AND attribute_exists(${name})`;")], isMixed).length, 1);
});

test.run();
