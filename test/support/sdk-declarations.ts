/** What the classes of @pulumi/aws say of their properties, read from its declaration files when a test runs. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";

const root = dirname(createRequire(import.meta.url).resolve("@pulumi/aws/package.json"));

/** The shape of a declared type. `any` is what has no narrower one (assets, JSON values). */
export type Shape =
  | { kind: "string" | "number" | "boolean" | "any" | "asset" }
  | { kind: "list" | "map"; element: Shape }
  | { kind: "object"; fields: () => Map<string, Shape> };

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest, false);
}

/** Interfaces of types/input.d.ts and output.d.ts by `inputs.sqs.Name`, `outputs.sqs.Name`. */
function nestedInterfaces(): Map<string, ts.InterfaceDeclaration> {
  const found = new Map<string, ts.InterfaceDeclaration>();
  const visit = (node: ts.Node, path: string): void => {
    if (ts.isInterfaceDeclaration(node)) found.set(`${path}.${node.name.text}`, node);
    else if (ts.isModuleDeclaration(node)) ts.forEachChild(node.body!, (child) => visit(child, `${path}.${node.name.text}`));
    else if (ts.isModuleBlock(node)) ts.forEachChild(node, (child) => visit(child, path));
  };
  for (const [file, name] of [["types/input.d.ts", "inputs"], ["types/output.d.ts", "outputs"]] as const) // biome-ignore format: a pair a line
    ts.forEachChild(parse(file), (node) => visit(node, name));
  return found;
}

const interfaces = nestedInterfaces();

function nameOf(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : `${nameOf(name.left)}.${name.right.text}`;
}

/** The fields of an interface. */
function fieldsOf(declaration: ts.InterfaceDeclaration): Map<string, Shape> {
  const out = new Map<string, Shape>();
  for (const member of declaration.members)
    if (ts.isPropertySignature(member) && member.type && member.name && !ts.isComputedPropertyName(member.name))
      out.set((member.name as ts.Identifier).text, shapeOf(member.type));
  return out;
}

/** Of `string | Document` the object: a text is what the object is written as. */
function ofUnion(types: readonly ts.TypeNode[]): Shape {
  const shapes = types.filter((t) => t.kind !== ts.SyntaxKind.UndefinedKeyword).map(shapeOf);
  return shapes.find((s) => s.kind === "asset") ?? shapes.find((s) => s.kind === "string") ?? shapes[0] ?? { kind: "any" };
}

function ofReference(node: ts.TypeReferenceNode): Shape {
  const name = nameOf(node.typeName);
  if (name === "pulumi.Input" || name === "pulumi.Output" || name === "Promise") return shapeOf(node.typeArguments![0]!);
  if (name.startsWith("pulumi.asset.")) return { kind: "asset" };
  if (name.startsWith("enums.")) return { kind: "string" };
  const declaration = interfaces.get(name);
  if (declaration) return { kind: "object", fields: () => fieldsOf(declaration) };
  // What is left are resources of the SDK, which stand for their id, and its unions of texts.
  return { kind: "string" };
}

function shapeOf(node: ts.TypeNode): Shape {
  if (ts.isParenthesizedTypeNode(node)) return shapeOf(node.type);
  if (ts.isUnionTypeNode(node)) return ofUnion(node.types);
  if (ts.isArrayTypeNode(node)) return { kind: "list", element: shapeOf(node.elementType) };
  if (ts.isTypeReferenceNode(node)) return ofReference(node);
  if (ts.isTypeLiteralNode(node)) {
    const index = node.members.find(ts.isIndexSignatureDeclaration);
    return index ? { kind: "map", element: shapeOf(index.type) } : { kind: "any" };
  }
  if (node.kind === ts.SyntaxKind.StringKeyword) return { kind: "string" };
  if (node.kind === ts.SyntaxKind.NumberKeyword) return { kind: "number" };
  if (node.kind === ts.SyntaxKind.BooleanKeyword) return { kind: "boolean" };
  return { kind: "any" };
}

/** The file (without its ending) that holds the class of a token: mostly named as the token says (`index` is the module itself), else the one that names the token. */
function fileOf(token: string): string {
  const path = token.split(":")[1] as string;
  if (!path.endsWith("/index") && existsSync(join(root, `${path}.d.ts`))) return path;
  const folder = dirname(path);
  const found = readdirSync(join(root, folder)).find(
    (name) => name.endsWith(".js") && readFileSync(join(root, folder, name), "utf8").includes(`__pulumiType = '${token}'`),
  );
  if (!found) throw new Error(`@pulumi/aws has no class of ${token}`);
  return join(folder, found.slice(0, -3));
}

/** All properties of a resource class, inputs and outputs, by the `...State` interface beside it. */
export function sdkProperties(token: string): Map<string, Shape> {
  const file = fileOf(token);
  const states = parse(`${file}.d.ts`).statements.filter((s) => ts.isInterfaceDeclaration(s) && s.name.text.endsWith("State"));
  if (states.length !== 1) throw new Error(`@pulumi/aws has ${states.length} ...State interfaces in ${file}.d.ts`);
  return fieldsOf(states[0] as ts.InterfaceDeclaration);
}
