/** Engine install: puts the Pulumi CLI of the pinned version below ~/.panka, where the Pulumi engine finds it. */
import { installCli } from "../engine/pulumi/install.js";
import type { OperationContext } from "./context.js";

/** Installs it, unless it is there. Throws PankaError `install-failed`, `no-pulumi-sdk`. */
export async function installEngine(context: Pick<OperationContext, "env" | "home">): Promise<{ version: string; root: string }> {
  return installCli(context);
}
