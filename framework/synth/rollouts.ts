/** Roll-outs of the assembly, from what kinds say of them: what stands beside is copied when all that is written over it has been. */
import { compareText } from "../base/diagnostics.js";
import { parseUrn, readableName } from "../base/names.js";
import { setPath } from "../base/property-path.js";
import {
  type CopySpec,
  type Reach,
  refsIn,
  type ResourceSpec,
  type Rollout,
  type RolloutSpec,
  type Staged,
  type StagedSpec,
  type Value,
  type WatchedTasks,
  type WatchSpec,
} from "../model/index.js";
import type { ExpandedComponent, SynthRun } from "./run.js";
import { cleanValue } from "./values.js";

/** All roll-outs, sorted by component. Throws TypeError for a copy of what is not declared. */
export function rolloutsOf(run: SynthRun): Rollout[] {
  return [...run.expanded]
    .filter((entry): entry is [string, ExpandedComponent & { rollout: RolloutSpec }] => entry[1].rollout !== undefined)
    .sort(([a], [b]) => compareText(a, b))
    .map(([component, expansion]) => {
      const { watch, staged, ...rest } = expansion.rollout;
      return {
        component,
        ...rest,
        ...(watch ? { watch: { ...watch, alarms: alarmNames(run, component, watch) } } : {}),
        ...(staged ? { staged: withCopies(run, component, expansion, staged, watch) } : {}),
      };
    });
}

/** The alarms' names: of a component that is one, its own; other text is the name of one that the stack does not make. */
function alarmNames(run: SynthRun, component: string, { alarms }: WatchSpec): Value[] {
  const service = run.byAddress.get(component)?.service;
  return alarms.map((alarm) => {
    if ("value" in alarm) return alarm.value;
    const { named, path } = alarm;
    if (named === "")
      run.problem(component, path, "no-alarm", "the alarm is not named", {
        expected: "an Alarm component, or the name of a CloudWatch alarm",
      });
    const found = typeof named === "string" ? run.names.find(named, service) : undefined;
    if (!found || !("address" in found)) return named;
    const name = run.expanded.get(found.address)?.bindings?.alarm;
    if (name === undefined)
      run.problem(component, path, "not-an-alarm", `"${found.address}" is no alarm`, {
        expected: "an Alarm component, or the name of a CloudWatch alarm",
      });
    return name ?? "";
  });
}

function withCopies(
  run: SynthRun,
  component: string,
  { resources, reach }: ExpandedComponent,
  { copies, ...staged }: StagedSpec,
  watch: WatchSpec | undefined,
): Staged {
  const originals = copies.map((copy) => {
    const spec = resources.get(copy.of);
    if (!spec) throw new TypeError(`${component} has no resource "${copy.of}" to copy`);
    return { copy, spec, urn: run.urn(parseUrn(spec.urn), copy.as, spec.type) };
  });
  const urns = new Map(originals.map(({ spec, urn }) => [spec.urn, urn]));
  const added = originals.map(({ copy, spec, urn }) => copied(spec, urn, urns, copy)).sort((a, b) => compareText(a.urn, b.urn));
  for (const { urn } of added) run.urns.add(urn);
  const alarms = (watch?.alarms ?? []).flatMap((alarm) => {
    const [urn = ""] = "value" in alarm ? refsIn(alarm.value) : [];
    return "value" in alarm && urns.has(urn) ? [withUrns(alarm.value, urns)] : [];
  });
  return { ...(cleanValue(staged as unknown as Value) as unknown as typeof staged), added, alarms, ...runningBeside(reach, urns) };
}

/** The tasks of what stands beside, where it has some of its own. */
function runningBeside(reach: Reach | undefined, urns: ReadonlyMap<string, string>): Pick<Staged, "running"> {
  if (!reach?.running || !urns.has(reach.running.urn)) return {};
  const { urn: _urn, ...running } = withUrns(reach.running, urns);
  return { running };
}

/** The components whose tasks are watched beside alarms, sorted: all that have tasks, where any new version is watched. */
export function runningOf(run: SynthRun, rollouts: readonly Rollout[]): WatchedTasks[] {
  if (!rollouts.some(({ watch, staged }) => watch || staged?.stages.some(({ minutes }) => minutes > 0))) return [];
  return [...run.expanded]
    .flatMap(([component, { reach }]) => (reach?.running ? [{ component, ...reach.running }] : []))
    .sort((a, b) => compareText(a.component, b.component));
}

/** A resource under another URN; what it says of others that are copied means their copies. */
function copied(spec: ResourceSpec, urn: string, urns: ReadonlyMap<string, string>, { set = {} }: CopySpec): ResourceSpec {
  const { options, ...copy } = withUrns(spec, urns);
  const { aliases: _aliases, protect: _protect, ...kept } = options;
  let { props } = copy;
  for (const [path, value] of Object.entries(set)) props = setPath(props, path, value as Value) as ResourceSpec["props"];
  const clean = cleanValue(props) as ResourceSpec["props"];
  return { ...copy, urn, name: readableName(urn), props: clean, dependsOn: [...copy.dependsOn].sort(compareText), options: kept };
}

function withUrns<T>(value: T, urns: ReadonlyMap<string, string>): T {
  let text = JSON.stringify(value);
  for (const [from, to] of urns) text = text.replaceAll(JSON.stringify(from), JSON.stringify(to));
  return JSON.parse(text) as T;
}
