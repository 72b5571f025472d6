/** Components that props name other than by a reference (`uses`, `dependsOn`, trigger sources): each must exist. */
import { oneOf } from "../model/component-names.js";
import type { ResolvedComponent } from "../model/stack-model.js";
import type { Resolution } from "./resolve.js";

/** Reports names in a component's links that mean no component or several. */
export function checkLinks(component: ResolvedComponent, r: Resolution): void {
  const kind = r.registry.find(component.kind);
  for (const link of kind?.links?.(component.props) ?? []) {
    const found = r.catalog.names.findLink(link, component.service);
    if ("address" in found || link.optional) continue;
    const more = { ...(component.source(link.path) ?? component.source("")), path: `${component.address}.spec.${link.path}` };
    if ("candidates" in found) {
      r.bag.error("ambiguous-component", `the name "${link.component}" stands for several components`, {
        ...more,
        expected: oneOf(found.candidates),
      });
      continue;
    }
    if (link.orderOnly && r.catalog.services.has(link.component)) continue;
    const all = r.catalog.names.addresses.filter((a) => a !== component.address);
    r.bag.error("unknown-component", `there is no component "${link.component}"`, {
      ...more,
      expected: all.length > 0 ? oneOf(all) : "a component of this stack",
      ...(found.nearest ? { suggestion: found.nearest } : {}),
    });
  }
}
