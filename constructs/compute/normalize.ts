/** Short forms of workloads made long, per document, before overlays are merged. Leaves what it does not know for the check to report. */
import { isPlainObject } from "../../framework/base/json.js";
import { joinPath } from "../../framework/base/property-path.js";
import type { Raw } from "../../framework/model/index.js";
import { normalizeEnvironment } from "./environment.js";
import { normalizeHealthCheck } from "./health-check.js";

type Spec = { [key: string]: unknown };

/** All short forms of a workload: image, port, environment, health check, spelling of protocols. */
export function normalizeWorkload(spec: Spec, raw: Raw): Spec {
  const { port, ...rest } = spec;
  const out: Spec = { ...rest };
  if (port !== undefined) out.ports = "ports" in spec ? spec.ports : [{ name: "http", port }];
  if (port !== undefined && "ports" in spec) out.port = port;
  if ("image" in out) out.image = normalizeImage(out.image);
  if ("environment" in out) out.environment = normalizeEnvironment(out.environment, raw);
  if ("healthCheck" in out) out.healthCheck = normalizeHealthCheck(out.healthCheck);
  if (isPlainObject(out.sidecars))
    for (const [name, sidecar] of Object.entries(out.sidecars))
      if (isPlainObject(sidecar)) normalizeEnvironment(sidecar.environment, raw, joinPath(joinPath("sidecars", name), "environment"));
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
