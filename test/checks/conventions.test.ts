import { test } from "uvu";
import * as assert from "uvu/assert";
import ts from "typescript";
import { lineOf, type SourceFile, sources } from "../support/source-tree.js";

const files = sources("framework", "constructs", "cli", "testing");

/** Visits every node of a file. */
function walk(file: SourceFile, visit: (node: ts.Node) => void): void {
  const go = (node: ts.Node): void => {
    visit(node);
    ts.forEachChild(node, go);
  };
  go(file.tree);
}

test("no source file is longer than 300 lines", () => {
  const long = files.map((f) => ({ path: f.path, lines: f.text.split("\n").length - 1 })).filter((f) => f.lines > 300);
  assert.equal(long, []);
});

test("no function is longer than 80 lines", () => {
  const long: string[] = [];
  for (const file of files) {
    walk(file, (node) => {
      if (!ts.isFunctionLike(node) || !("body" in node) || !node.body) return;
      const { line: from } = file.tree.getLineAndCharacterOfPosition(node.getStart());
      const { line: to } = file.tree.getLineAndCharacterOfPosition(node.getEnd());
      if (to - from + 1 > 80) long.push(`${file.path}:${from + 1} ${to - from + 1} lines`);
    });
  }
  assert.equal(long, []);
});

/** True for a declaration with a doc comment. */
function documented(node: ts.Node, file: SourceFile): boolean {
  return (ts.getLeadingCommentRanges(file.text, node.getFullStart()) ?? []).some((r) => file.text.slice(r.pos, r.pos + 3) === "/**");
}

test("everything that is exported has a doc comment", () => {
  const bare: string[] = [];
  for (const file of files) {
    for (const node of file.tree.statements) {
      const exported = ts.canHaveModifiers(node) && ts.getModifiers(node)?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword);
      if (exported && !documented(node, file)) bare.push(`${file.path}:${lineOf(file, node)}`);
    }
  }
  assert.equal(bare, []);
});

/** What only cli/ may touch: `object.member` or a bare call. */
const GLOBALS = /^(process\.(env|argv|exit|stdout|stderr|stdin|cwd|on|once|kill)|console\.\w+|Date\.now|Math\.random|performance\.now)$/;
/** A file that is the entry of its own thread or process is a host, not a part of the framework. */
const HOSTS = new Set(["framework/lock/heartbeat-worker.ts"]);

test("nothing below cli/ touches process, console, the clock or chance", () => {
  const wrong: string[] = [];
  for (const file of files.filter((f) => !f.path.startsWith("cli/") && !HOSTS.has(f.path))) {
    walk(file, (node) => {
      if (!ts.isPropertyAccessExpression(node) && !ts.isNewExpression(node)) return;
      // Signals to a child process and to a dead lock holder's pid are the providers' own business.
      if (node.getText() === "process.kill" && file.path.startsWith("framework/providers/")) return;
      if (GLOBALS.test(node.getText())) wrong.push(`${file.path}:${lineOf(file, node)} ${node.getText()}`);
      if (ts.isNewExpression(node) && node.expression.getText() === "Date" && !node.arguments?.length)
        wrong.push(`${file.path}:${lineOf(file, node)} new Date()`);
    });
  }
  assert.equal(wrong, []);
});

/** Where AWS may be named: the seam behind which another cloud can be put. */
const AWS_ALLOWED =
  /^constructs\/|^framework\/providers\/(aws|local)\/|^framework\/cost\/|^framework\/(state|lock)\/(s3|kms|dynamodb|cipher|aws)|^framework\/operations\/(backend|account|providers|doctor|assets|secrets|actions|init)|^framework\/model\/config|^cli\//;

test("outside the seam no code names AWS services or types", () => {
  const wrong: string[] = [];
  for (const file of files.filter((f) => !AWS_ALLOWED.test(f.path))) {
    walk(file, (node) => {
      if (ts.isStringLiteralLike(node) && /^aws:|\barn:aws|amazonaws/.test(node.text))
        wrong.push(`${file.path}:${lineOf(file, node)} ${node.text}`);
    });
  }
  assert.equal(wrong, []);
});

test.run();
