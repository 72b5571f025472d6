/** What stands: status of a stack, one component, the recorded state. */
import type { ComponentView, StackStatus, StateView } from "../../framework/operations/status.js";
import type { ListFormat } from "../list-format.js";
import { printList } from "../list-format.js";
import { envelope } from "./document.js";
import { type Output, plainText, table } from "./output.js";
import { typeName } from "../../framework/providers/aws/type-names.js";

/** Prints a stack's status. */
export async function printStatus(status: StackStatus, format: ListFormat, output: Output): Promise<void> {
  if (await asData(status, format, output)) return;
  const { paint } = output;
  output.out(paint.bold(`${status.stack} in ${status.environment}`));
  if (!status.deployed) return output.out("Nothing is deployed. Next: panka deploy");
  const { provider } = status;
  output.out(`  provider  ${provider.name}${provider.account ? `, account ${provider.account}` : ""}, ${provider.region}`);
  output.out(`  state     ${status.location}, serial ${status.serial}${status.complete ? "" : ", the last run did not do everything"}`);
  if (status.unverified) output.out(`  ${paint.yellow("release")}   ${unverifiedText(status.unverified)}`);
  if (status.owner) output.out(`  owner     ${status.owner}`);
  for (const lock of status.locks) output.out(`  ${paint.yellow("locked")}    by ${lock.who} for ${lock.operation} since ${lock.since}`);
  output.out();
  await printList(
    status.components,
    [
      { name: "component", read: (c) => c.component },
      { name: "resources", read: (c) => String(c.resources) },
      { name: "status", read: (c) => c.status },
      { name: "protected", read: (c) => (c.protected ? "yes" : "no"), wide: true },
    ],
    format,
    output,
    "No resources.",
  );
}

function unverifiedText({ serial, status }: NonNullable<StackStatus["unverified"]>): string {
  return status === "verifying"
    ? `serial ${serial} is not verified yet: the next deploy runs its tests first`
    : `serial ${serial} failed its verification and stands; the next deploy runs its tests again, panka rollback goes back`;
}

/** Prints one component. */
export async function printComponent(view: ComponentView, format: ListFormat, output: Output): Promise<void> {
  if (await asData(view, format, output)) return;
  output.out(output.paint.bold(view.component));
  const rows = view.resources.map((r) => [`  ${typeName(r.type)}${r.role ? ` (${r.role})` : ""}`, r.status, plainText(r.id)]);
  for (const row of table(rows)) output.out(row);
  if (view.needs.length > 0) output.out(`\nNeeds: ${view.needs.join(", ")}`);
  const outputs = Object.entries(view.outputs);
  if (outputs.length > 0) output.out("\nOutputs:");
  for (const row of table(
    outputs.map(([name, value]) => [`  ${name}`, plainText(typeof value === "string" ? value : JSON.stringify(value))]),
  ))
    output.out(row);
}

/** Prints the state as recorded. */
export async function printState(view: StateView, format: ListFormat, output: Output): Promise<void> {
  if (await asData(view.state, format, output)) return;
  output.out(`${view.location}  serial ${view.state.serial}, fence ${view.state.fence}, lineage ${view.state.lineage}`);
  const rows = Object.entries(view.state.resources).map(([key, r]) => [`  ${key.split("::").pop()}`, r.type, r.status, plainText(r.id)]);
  for (const row of table(rows)) output.out(row);
}

/** JSON and YAML of anything; false where the format is for people. */
async function asData(value: unknown, format: ListFormat, output: Output): Promise<boolean> {
  if (format === "json") output.document(envelope(true, value));
  else if (format === "yaml") output.out((await import("yaml")).stringify(value).trimEnd());
  else return false;
  return true;
}
