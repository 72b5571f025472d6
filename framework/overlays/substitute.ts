/** Fills a document: variables become text, `${a.b}` and `valueFrom` become references, references get full addresses and checked outputs. */
import type { Diagnostic } from "../base/diagnostics.js";
import { isPlainObject } from "../base/json.js";
import { nearest } from "../base/nearest.js";
import type { ComponentNames } from "../model/component-names.js";
import type { Kind } from "../model/kind.js";
import type { PathSegment } from "../model/paths.js";
import { isRef, isText, joinLiterals, Ref, Text } from "../model/values.js";
import { addedNames, outputOf } from "./output-names.js";
import { parseTemplate } from "./template.js";
import type { Scope, Variables } from "./variables.js";

/** What filling needs to know of the stack. */
export interface Filling {
  variables: Variables;
  names: ComponentNames;
  services: ReadonlySet<string>;
  /** Kind and raw spec of a component by address. */
  component(address: string): { kind: Kind; spec: { [key: string]: unknown } } | undefined;
}

/** Reports a problem at a path of the document. */
export type Report = (path: readonly PathSegment[], code: string, message: string, more?: Partial<Diagnostic>) => void;

/** A filled copy of a spec. Literal documents (TypeScript) keep their strings; their references are resolved all the same. */
export function fill(spec: unknown, literal: boolean, scope: Scope, filling: Filling, report: Report): unknown {
  return fillAt(spec, [], { literal, scope, filling, report });
}

interface Context {
  literal: boolean;
  scope: Scope;
  filling: Filling;
  report: Report;
}

function fillAt(value: unknown, path: PathSegment[], c: Context): unknown {
  if (typeof value === "string") return c.literal || !value.includes("$") ? value : fillText(value, path, c);
  if (Array.isArray(value)) return value.map((v, i) => fillAt(v, [...path, i], c));
  if (isRef(value)) return resolveRef(value.component, value.output, path, c) ?? value;
  if (isText(value))
    return new Text(joinLiterals(value.parts.map((p) => (isRef(p) ? (resolveRef(p.component, p.output, path, c) ?? p) : p))));
  if (!isPlainObject(value)) return value;
  const from = value["valueFrom"];
  const out = Object.create(null) as Record<string, unknown>;
  if (isPlainObject(from) && from["output"] !== undefined && from["component"] !== undefined) {
    if (value["value"] !== undefined && value["value"] !== null)
      c.report(path, "value-twice", "it has a value and a valueFrom", { expected: "one of the two" });
    const ref = valueFrom(from, [...path, "valueFrom"], c) ?? new Ref(String(from["component"]), String(from["output"]));
    if (Object.keys(value).length === 1) return ref;
    for (const [k, v] of Object.entries(value)) if (k !== "valueFrom") out[k] = fillAt(v, [...path, k], c);
    out["value"] = ref;
    return out;
  }
  for (const [k, v] of Object.entries(value)) out[k] = fillAt(v, [...path, k], c);
  return out;
}

function valueFrom(from: Record<string, unknown>, path: PathSegment[], c: Context): unknown {
  const component = fillAt(from["component"], [...path, "component"], c);
  const output = fillAt(from["output"], [...path, "output"], c);
  if (typeof component !== "string" || typeof output !== "string") {
    c.report(path, "wrong-type", "valueFrom needs a component and an output, both text", { expected: "valueFrom: { component, output }" });
    return undefined;
  }
  const extra = Object.keys(from).find((k) => k !== "component" && k !== "output");
  if (extra !== undefined) {
    const suggestion = nearest(extra, ["component", "output"]);
    c.report([...path, extra], "unknown-field", `unknown field "${extra}"`, {
      expected: "component, output",
      ...(suggestion ? { suggestion } : {}),
    });
  }
  return resolveRef(component, output, [...path, "component"], c);
}

function fillText(text: string, path: PathSegment[], c: Context): unknown {
  const parts = joinLiterals(expand(text, path, c, []));
  if (parts.length === 0) return "";
  if (parts.length === 1) return parts[0];
  return new Text(parts);
}

/** The parts of a text, variables followed. `open` are the variables being expanded, outermost first. */
function expand(text: string, path: PathSegment[], c: Context, open: readonly string[]): (string | Ref)[] {
  const out: (string | Ref)[] = [];
  for (const part of parseTemplate(text)) {
    if (part.kind === "literal") out.push(part.text);
    else if (part.kind === "wrong") wrong(part.written, part.unclosed, path, c);
    else if (part.kind === "reference") out.push(...reference(part.component, part.output, part.written, path, c, open));
    else {
      const value = c.filling.variables.find(part.name, c.scope);
      if (value && "ref" in value) out.push(value.ref);
      else if (value) out.push(...follow(part.name, value, path, c, open));
      else if (part.fallback !== undefined) out.push(...expand(part.fallback, path, c, open));
      else undefinedVariable(part.name, path, c);
    }
  }
  return out;
}

function follow(
  name: string,
  value: { text: string; literal: boolean },
  path: PathSegment[],
  c: Context,
  open: readonly string[],
): (string | Ref)[] {
  if (value.literal) return [value.text];
  if (open.includes(name)) {
    const cycle = [...open.slice(open.indexOf(name)), name].join(" -> ");
    c.report(path, "variable-cycle", `variables refer to each other: ${cycle}`);
    return [];
  }
  return expand(value.text, path, c, [...open, name]);
}

/** `${a.b}`: an output of a component, else a variable of a service; both is an error. */
function reference(
  component: string,
  output: string,
  written: string,
  path: PathSegment[],
  c: Context,
  open: readonly string[],
): (string | Ref)[] {
  const { names, services, variables } = c.filling;
  const found = names.find(component, c.scope.service);
  const variable = services.has(component) ? variables.ofService(component, output) : undefined;
  const isOutput = "address" in found && outputOf(c.filling.component(found.address), output) !== undefined;
  if (variable && isOutput) {
    c.report(
      path,
      "ambiguous-reference",
      `${written} is both an output of ${(found as { address: string }).address} and a variable of service ${component}`,
      {
        expected: "one of them renamed",
      },
    );
    return [];
  }
  if (variable) return "ref" in variable ? [variable.ref] : follow(`${component}.${output}`, variable, path, c, open);
  if (services.has(component) && !("address" in found)) {
    const have = variables.namesOfService(component);
    const suggestion = nearest(output, have);
    c.report(path, "unknown-variable", `service ${component} has no variable "${output}"`, {
      expected: have.length > 0 ? `one of ${have.join(", ")}` : "a variable that the service sets",
      ...(suggestion ? { suggestion: `${component}.${suggestion}` } : {}),
    });
    return [];
  }
  const ref = resolveRef(component, output, path, c);
  return ref ? [ref] : [];
}

/** A reference with its full address and the output's own name; undefined after a problem was reported. */
function resolveRef(component: string, output: string, path: readonly PathSegment[], c: Context): Ref | undefined {
  if (component === "_stack") return new Ref(component, output);
  const found = c.filling.names.find(component, c.scope.service);
  if ("candidates" in found) {
    c.report(path, "ambiguous-component", `the name "${component}" stands for several components`, {
      expected: `one of ${found.candidates.join(", ")}`,
    });
    return undefined;
  }
  if (!("address" in found)) {
    const all = c.filling.names.addresses;
    c.report(path, "unknown-component", `there is no component "${component}"`, {
      expected: all.length > 0 ? `one of ${listed(all)}` : "a component of this stack",
      ...(found.nearest ? { suggestion: found.nearest } : {}),
    });
    return undefined;
  }
  const target = c.filling.component(found.address);
  const name = outputOf(target, output);
  if (name !== undefined) return new Ref(found.address, name);
  const added = addedNames(target?.spec ?? {});
  // What is wrong is the name's own meaning, and is said there.
  if (Object.hasOwn(added, output)) return undefined;
  const outputs = Object.keys({ ...target?.kind.outputs, ...added });
  const suggestion = nearest(output, [...outputs, ...Object.keys(target?.kind.outputAliases ?? {})]);
  c.report(path, "unknown-output", `${found.address} (${target?.kind.name ?? "?"}) has no output "${output}"`, {
    expected: outputs.length > 0 ? `one of ${outputs.join(", ")}` : "another component: this kind has no outputs",
    ...(suggestion ? { suggestion } : {}),
  });
  return undefined;
}

function undefinedVariable(name: string, path: readonly PathSegment[], c: Context): void {
  const have = c.filling.variables.names(c.scope);
  const suggestion = nearest(name, have);
  c.report(path, "undefined-variable", `the variable "${name}" has no value`, {
    expected: `one of ${listed(have)}, or a default: \${${name}:-text}`,
    ...(suggestion ? { suggestion } : {}),
    next: `--var ${name}=VALUE, or spec.variables of the stack, service or component`,
  });
}

function wrong(written: string, unclosed: boolean, path: readonly PathSegment[], c: Context): void {
  if (unclosed) c.report(path, "unclosed-variable", `"${written}" has no closing brace`, { expected: "${NAME}, or $${ for a literal ${" });
  else
    c.report(path, "bad-variable", `"${written}" is neither a variable nor a reference`, {
      expected: `\${NAME}, \${component.output}, or $${written} for the text itself`,
      next: `write $${written}`,
    });
}

function listed(names: readonly string[]): string {
  return names.length > 12 ? `${names.slice(0, 12).join(", ")} and ${names.length - 12} more` : names.join(", ");
}
