/** Short forms of workloads made long, per document, before overlays are merged. Leaves what it does not know for the check to report. */
import { isPlainObject } from "../../framework/base/json.js";
import { normalizeHealthCheck } from "./health-check.js";

type Spec = { [key: string]: unknown };

/** All short forms of a workload: image, port, environment, health check, spelling of protocols. */
export function normalizeWorkload(spec: Spec): Spec {
  const { port, ...rest } = spec;
  const out: Spec = { ...rest };
  if (port !== undefined) out.ports = "ports" in spec ? spec.ports : [{ name: "http", port }];
  if (port !== undefined && "ports" in spec) out.port = port;
  if ("image" in out) out.image = normalizeImage(out.image);
  if ("environment" in out) out.environment = normalizeEnvironment(out.environment);
  if ("healthCheck" in out) out.healthCheck = normalizeHealthCheck(out.healthCheck);
  return out;
}

/** `"repo:tag"` -> {repository, tag}, so that an overlay can change the tag alone. Text with variables or without a tag stays. */
export function normalizeImage(image: unknown): unknown {
  if (typeof image !== "string" || image.includes("${")) return image;
  const at = image.indexOf("@");
  const name = at < 0 ? image : image.slice(0, at);
  const colon = name.lastIndexOf(":");
  if (at >= 0 || colon <= name.lastIndexOf("/")) return image;
  return { repository: name.slice(0, colon), tag: name.slice(colon + 1) };
}

/** The list form -> the map form, so that both merge by name. A list that is not understood stays. */
export function normalizeEnvironment(environment: unknown): unknown {
  if (!Array.isArray(environment)) return environment;
  const out: Spec = {};
  for (const item of environment) {
    if (!isPlainObject(item)) return environment;
    if (item.$patch !== undefined && Object.keys(item).length === 1) {
      out.$patch = item.$patch;
      continue;
    }
    const { name, value, valueFrom, ...more } = item;
    if (typeof name !== "string" || name in out || Object.keys(more).length > 0) return environment;
    if (value !== undefined && valueFrom !== undefined) return environment;
    if (value === undefined && valueFrom === undefined) return environment;
    out[name] = valueFrom === undefined ? value : { valueFrom };
  }
  return out;
}
