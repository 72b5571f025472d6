/** What infra documents make for the stack as a whole, and what they forbid of it. */
import type { Kind, ResourceSpec, StackComponent } from "../model/index.js";
import { infraAddress } from "./assets.js";
import { sharedContext } from "./context.js";
import type { SynthRun } from "./run.js";

/** Declares what infra documents ask for, when all components are expanded. */
export function completeInfra(run: SynthRun): void {
  for (const { kind, spec } of documents(run, "complete")) {
    const resources = new Map<string, ResourceSpec>();
    const name = kind.name.toLowerCase();
    kind.complete?.(spec, stackComponents(run), sharedContext(run, name, resources, kind.name));
    if (resources.size > 0) run.expanded.set(infraAddress(kind.name), { outputs: {}, resources, late: new Set() });
  }
}

/** Reports what infra documents forbid of this stack. */
export function judgeInfra(run: SynthRun): void {
  const { model } = run;
  for (const { kind, spec } of documents(run, "judge")) {
    const stack = {
      region: model.region,
      environmentClass: model.environmentClass,
      components: stackComponents(run),
      resources: [...run.expanded.values()].flatMap((e) => [...e.resources.values()]),
    };
    for (const { address, path, code, message, ...more } of kind.judge?.(spec, stack) ?? [])
      run.problem(address ?? model.stack, path, code, message, { ...more, verdict: more.severity ?? "error" });
  }
}

function documents(run: SynthRun, what: "complete" | "judge"): { kind: Kind; spec: { [key: string]: unknown } }[] {
  return run.options.registry.kinds.flatMap((kind) => {
    const spec = kind[what] && run.infra(kind.name);
    return spec ? [{ kind, spec }] : [];
  });
}

function stackComponents({ model, expanded }: SynthRun): StackComponent[] {
  return model.components.map(({ address, service, kind, props, sections }) => {
    const own = props.tags as { [key: string]: unknown } | undefined;
    const { resources, bindings } = expanded.get(address) ?? {};
    return {
      address,
      kind,
      tags: { ...model.tags[service], ...own },
      sections: sections ?? [],
      resources: [...(resources?.values() ?? [])],
      bindings,
    };
  });
}
