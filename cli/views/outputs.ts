/** The outputs of components, as a table, JSON, YAML or lines for a shell. */
import type { Json } from "../../framework/base/json.js";
import type { ListFormat } from "../list-format.js";
import { envelope } from "./document.js";
import { type Output, plainText, table } from "./output.js";

/** Outputs by component. */
export type OutputsByComponent = { [component: string]: { [output: string]: Json } };

/** Prints outputs in a format. */
export async function printOutputsList(outputs: OutputsByComponent, format: ListFormat, output: Output): Promise<void> {
  if (format === "json") return output.document(envelope(true, outputs));
  if (format === "yaml") return output.out((await import("yaml")).stringify(outputs).trimEnd());
  const rows = Object.entries(outputs).flatMap(([component, values]) =>
    Object.entries(values).map(([name, value]) => ({
      component,
      name,
      text: plainText(typeof value === "string" ? value : JSON.stringify(value)),
    })),
  );
  if (format === "env") {
    for (const r of rows) output.out(`${variable(`${r.component}_${r.name}`)}='${r.text.replaceAll("'", "'\\''")}'`);
    return;
  }
  if (rows.length === 0) return output.out("No outputs. Next: panka deploy");
  for (const row of table(rows.map((r) => [`${r.component}.${r.name}`, r.text]))) output.out(row);
}

/** `shop/jobs_queueUrl` as `SHOP_JOBS_QUEUE_URL`. */
function variable(text: string): string {
  return text
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toUpperCase();
}
