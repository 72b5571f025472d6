/** A small archive on disk, for functions. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";

/** Runs `body` with the path of a zip file that holds index.js. */
export async function withZip<T>(body: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "panka-zip-"));
  try {
    const file = join(folder, "code.zip");
    writeFileSync(
      file,
      zipSync({ "index.js": [strToU8("exports.handler = async () => ({});\n"), { mtime: new Date("2026-01-01T00:00:00Z") }] }),
    );
    return await body(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
