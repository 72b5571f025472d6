/** `import ... from "panka"` in a program: where the project has not installed the package, this one is meant. */
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** URLs of the package's entry points; `dist/` in a package, the sources when Panka itself runs from source. */
export function packageEntries(packageRoot: string): { [name: string]: string } {
  const source = fileURLToPath(import.meta.url).endsWith(".ts");
  const url = (path: string): string => pathToFileURL(join(packageRoot, path)).href;
  return source
    ? { panka: url("constructs/index.ts"), "panka/aws": url("constructs/aws.ts"), "panka/pulumi": url("constructs/pulumi.ts") }
    : { panka: url("dist/index.js"), "panka/aws": url("dist/aws.js"), "panka/pulumi": url("dist/pulumi.js") };
}
