/** `npm run dev`: runs the tests that a changed file touches, again and again. Ends with Ctrl-C. */
import { spawn } from "node:child_process";
import { watch } from "node:fs";
import { join, relative } from "node:path";
import { root, setUp } from "./setup.js";

setUp();
let timer;
let running;
const changed = new Set();

/** The pattern of tests for a source file: its mirror in test/. */
function patternFor(file) {
  const path = relative(root, file).replaceAll("\\", "/");
  return path.startsWith("test/") ? path : `test/${path.replace(/\.ts$/, ".test.ts")}`;
}

function runTouched() {
  if (running) return;
  const patterns = [...changed].map(patternFor);
  changed.clear();
  console.log(`\n${patterns.join(" ")}`);
  running = spawn(process.execPath, [join(root, "scripts", "run-tests.js"), ...patterns], { cwd: root, stdio: "inherit" });
  running.on("exit", () => {
    running = undefined;
    if (changed.size > 0) runTouched();
  });
}

for (const folder of ["framework", "constructs", "cli", "testing", "test"]) {
  watch(join(root, folder), { recursive: true }, (_event, name) => {
    if (!name?.endsWith(".ts")) return;
    changed.add(join(root, folder, name));
    clearTimeout(timer);
    timer = setTimeout(runTouched, 150);
  });
}
console.log("watching; tests of changed files run by themselves; Ctrl-C ends");
