/** The plugin's life: it never outlives us, and its death is noticed. Runs the real plugin; no cloud is needed. */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { pluginEnv, startPlugin } from "../../../../framework/providers/aws/process.js";
import { pluginFile } from "../../../support/plugin.js";

const file = pluginFile();
const real = file ? test : test.skip;
if (!file) console.log("SKIP the plugin's process: PANKA_PLUGIN_DIR names no folder with the AWS provider plugin");

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, "utf8") : "");
  } catch {
    return false;
  }
};

/** The plugin's own id: the watchdog's child that runs it. */
function pluginPid(watchdog: number): number {
  const children = readFileSync(`/proc/${watchdog}/task/${watchdog}/children`, "utf8").trim().split(" ").map(Number);
  const found = children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("terraform-provider-aws"));
  return found as number;
}

async function goneWithin(pid: number, ms: number): Promise<boolean> {
  for (const start = performance.now(); performance.now() - start < ms; ) {
    if (!alive(pid)) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

const linux = process.platform === "linux" ? real : test.skip;

linux("kill -9 of the process that started it ends the plugin within 2 s", async () => {
  const script = `
    import { readFileSync } from "node:fs";
    import { startPlugin } from ${JSON.stringify(fileURLToPath(new URL("../../../../framework/providers/aws/process.ts", import.meta.url)))};
    const run = async () => {
      const plugin = await startPlugin(${JSON.stringify(file)}, process.env);
      console.log(plugin.pid);
      setInterval(() => {}, 1000);
    };
    void run();`;
  const root = fileURLToPath(new URL("../../../..", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const watchdog = await new Promise<number>((resolve) => child.stdout.once("data", (d) => resolve(Number(String(d).trim()))));
  const plugin = pluginPid(watchdog);
  assert.ok(alive(plugin));
  child.kill("SIGKILL");
  assert.ok(await goneWithin(plugin, 2000), "the plugin lives on");
  assert.ok(await goneWithin(watchdog, 2000), "the watchdog lives on");
});

linux("a plugin that dies is noticed, and how it died is told", async () => {
  const plugin = await startPlugin(file as string, process.env);
  process.kill(pluginPid(plugin.pid), "SIGKILL");
  // The plugin keeps no event loop running on its own.
  const awake = setTimeout(() => {}, 5000);
  assert.match(await plugin.exited, /was killed \(signal 9\)/);
  clearTimeout(awake);
  assert.not.ok(plugin.alive());
  await plugin.stop();
});

linux("a plugin that is stopped leaves no process", async () => {
  const plugin = await startPlugin(file as string, process.env);
  const pid = pluginPid(plugin.pid);
  await plugin.stop();
  assert.ok(await goneWithin(pid, 500));
  assert.ok(await goneWithin(plugin.pid, 500));
});

test("a program that is no plugin is refused in words", async () => {
  const failure = (program: string): Promise<string> =>
    startPlugin(program, {}).then(
      () => "it did not fail",
      (e: Error) => e.message,
    );
  assert.match(await failure("/nowhere/plugin"), /is not there/);
  assert.match(await failure("/bin/false"), /exited with code 1 before it was ready/);
});

test("the plugin's environment holds credentials and proxies, and nothing else of ours", () => {
  const env = pluginEnv(
    { AWS_PROFILE: "dev", https_proxy: "p", HOME: "/h", PANKA_VAR_X: "secret", NPM_TOKEN: "secret", TF_LOG: "trace" },
    "/s",
  );
  assert.equal(Object.keys(env).sort(), [
    "AWS_PROFILE",
    "HOME",
    "PLUGIN_PROTOCOL_VERSIONS",
    "PLUGIN_UNIX_SOCKET_DIR",
    "TF_LOG_PROVIDER",
    "TF_LOG_SDK",
    "TF_PLUGIN_MAGIC_COOKIE",
    "https_proxy",
  ]);
});

test.run();
