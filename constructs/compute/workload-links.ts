/** Components that a workload names in its props other than by a reference. */
import type { Link } from "../../framework/model/index.js";
import { joinPath } from "../../framework/base/property-path.js";
import { sidecarLinks, type Sidecars } from "./sidecars.js";
import { type VolumeSpec, volumeLinks } from "./volumes.js";
import { type EnvironmentSpec, environmentEntries, type SecretEntry, type UsesEntry } from "./wiring.js";

/** Props in which a workload names other components. */
export interface LinkedProps {
  uses?: readonly UsesEntry[] | undefined;
  environment?: EnvironmentSpec;
  secrets?: readonly SecretEntry[] | undefined;
  sidecars?: Sidecars | undefined;
  storage?: { volumes?: readonly VolumeSpec[] | undefined } | undefined;
}

/** Links of a workload's `uses`, `environment`, `secrets`, volumes and sidecars. */
export function workloadLinks(props: LinkedProps): Link[] {
  const links: Link[] = (props.uses ?? []).map((u, i) => ({
    component: u.component,
    path: `uses[${i}].component`,
    inject: true,
    ...(u.access ? { access: u.access } : {}),
  }));
  for (const entry of environmentEntries(props.environment)) {
    if (!entry.valueFrom) continue;
    const path = `${joinPath("environment", entry.name)}.valueFrom.component`;
    links.push({ component: entry.valueFrom.component, path, ...(entry.valueFrom.output === undefined ? { inject: entry.name } : {}) });
  }
  for (const [i, secret] of (props.secrets ?? []).entries())
    if (typeof secret.secretRef === "string")
      links.push({ component: secret.secretRef, path: `secrets[${i}].secretRef`, optional: true, orderOnly: true });
  return [...links, ...volumeLinks(props.storage?.volumes ?? []), ...sidecarLinks(props.sidecars)];
}
