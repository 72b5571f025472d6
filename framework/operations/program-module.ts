/** Loads a module of the project, TypeScript or JavaScript, with all that it imports of the project, and with `panka` to import. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { importFile } from "./import-file.js";
import { bundleProgram, type ProgramSource } from "./program-bundle.js";

/** The module's default export. Modules of the project are loaded anew for each call; packages are shared. Throws esbuild's failure, and what the module throws. */
export async function importModule(source: ProgramSource): Promise<unknown> {
  // In a folder of its own, never beside the program: a project may be read-only, or watched.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "panka-program-")));
  try {
    const file = join(folder, "program.mjs");
    writeFileSync(file, await bundleProgram(source, file));
    // Messages and positions name the user's own lines.
    process.setSourceMapsEnabled(true);
    const { default: exported } = (await importFile(pathToFileURL(file).href)) as { default?: unknown };
    return exported;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
