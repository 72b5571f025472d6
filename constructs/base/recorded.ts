/** What a constructor records, and the document that it stands for. */
import { relative } from "node:path";
import type { ModelDocument, SourceMap } from "../../framework/model/index.js";
import type { CallSite } from "./call-site.js";
import type { Metadata } from "./common.js";

/** One construct as recorded. */
export interface Recorded {
  group: "core" | "infra" | "components";
  kind: string;
  name: string;
  /** Of components only. */
  service?: string;
  /** Exactly what the user passed. */
  props: object;
  site: CallSite;
}

/** A source map that knows only where the construct was made; every path of it is there. */
export function toSourceMap(site: CallSite, root: string | undefined): SourceMap {
  return () => {
    const at = site.position();
    if (!at || root === undefined) return at;
    const file = relative(root, at.file).replaceAll("\\", "/");
    return { ...at, file };
  };
}

/** The document that a construct stands for. Its strings are literal. */
export function toDocument(entry: Recorded, root: string | undefined): ModelDocument {
  const { metadata = {}, ...spec } = entry.props as { metadata?: Metadata; [key: string]: unknown };
  return {
    apiVersion: `${entry.group}.panka.io/v1`,
    kind: entry.kind,
    name: entry.name,
    ...(entry.service === undefined ? {} : { service: entry.service }),
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    ...(metadata.description === undefined ? {} : { description: metadata.description }),
    ...(metadata.tenant === undefined ? {} : { tenant: metadata.tenant }),
    spec,
    literal: true,
    source: toSourceMap(entry.site, root),
  };
}
