/**
 * The plugin as a child process. It runs under a watchdog: a shell whose stdin is a pipe of ours. When we are gone, however
 * it happened, the pipe closes and the shell kills the plugin; when the plugin exits, the shell exits with its code.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PankaError } from "../../base/errors.js";
import { connect, type PluginClient } from "./protocol/client.js";

/** Kills the plugin when stdin closes; ends when the plugin ends. `$0` is the plugin's file. */
const WATCHDOG = `trap '' INT TERM HUP
exec 3<&0
"$0" </dev/null 3<&- & p=$!
(cat <&3 >/dev/null 2>&1; kill -9 $p) >/dev/null 2>&1 & w=$!
exec 3<&-
wait $p; c=$?
kill -9 $w 2>/dev/null
exit $c`;

/** The value by which a plugin knows that a plugin host starts it (go-plugin's handshake of Terraform). */
const COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/** How long the plugin may take until its handshake line, ms. It needs 150 to 330 here. */
const HANDSHAKE_MS = 60_000;

/** How long it may take to exit when asked, ms. */
const SHUTDOWN_MS = 2_000;

/** How much of stderr is kept for an error message, characters. */
const TAIL = 2_000;

/** A running plugin. */
export interface PluginProcess {
  client: PluginClient;
  /** Id of the watchdog, for tests. */
  pid: number;
  /** Resolves with words about its end when the plugin has exited, however. */
  exited: Promise<string>;
  /** True until it has exited. */
  alive(): boolean;
  /** Asks it to exit, kills it after 2 s, removes its folder. */
  stop(): Promise<void>;
}

/** Names of variables that the plugin gets besides AWS_*: what finds programs, certificates and proxies. */
const PASSED = /^(AWS_.*|PATH|HOME|USERPROFILE|SYSTEMROOT|TMPDIR|TEMP|TMP|SSL_CERT_FILE|SSL_CERT_DIR|(HTTPS?|NO|ALL)_PROXY)$/i;

/** The environment of the plugin: credentials, proxies, the handshake; nothing else of ours. */
export function pluginEnv(env: { [name: string]: string | undefined }, socketDir: string): { [name: string]: string } {
  const out: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(env)) if (value !== undefined && PASSED.test(name)) out[name] = value;
  return {
    ...out,
    TF_PLUGIN_MAGIC_COOKIE: COOKIE,
    PLUGIN_PROTOCOL_VERSIONS: "5",
    PLUGIN_UNIX_SOCKET_DIR: socketDir,
    TF_LOG_SDK: "ERROR",
    TF_LOG_PROVIDER: "ERROR",
  };
}

/**
 * Starts the plugin and connects to it.
 * @param file the plugin's program
 * @param env the environment to choose from
 * @param cwd its working folder; default: ours
 * @throws PankaError `plugin-failed` when it does not start or says something else than a handshake
 */
export async function startPlugin(file: string, env: { [name: string]: string | undefined }, cwd?: string): Promise<PluginProcess> {
  if (!existsSync(file)) throw new PankaError("plugin-failed", `the provider plugin is not there: ${file}`);
  const folder = mkdtempSync(join(shortTmp(), "panka-"));
  const child = launch(file, pluginEnv(env, folder), cwd);
  const tail = drain(child);
  let alive = true;
  const exited = new Promise<string>((resolve) => {
    const done = (text: string): void => {
      alive = false;
      rmSync(folder, { recursive: true, force: true });
      resolve(text);
    };
    child.once("error", (error) => done(`it could not be started: ${error.message}`));
    child.once("exit", (code, signal) => done(describeExit(code, signal, tail())));
  });
  try {
    const [, version, network, address] = await handshake(child, exited);
    if (version !== "5") throw new PankaError("plugin-failed", `the provider plugin speaks protocol ${version}, expected 5: ${file}`);
    const client = await connect(network as string, address as string);
    unref(child);
    return { client, pid: child.pid as number, exited, alive: () => alive, stop: () => stop(child, client, exited) };
  } catch (error) {
    kill(child);
    throw error;
  }
}

/** A socket's path is at most 104 characters long on some systems; a long TMPDIR would not fit. */
function shortTmp(): string {
  return tmpdir().length > 60 && existsSync("/tmp") ? "/tmp" : tmpdir();
}

function launch(file: string, env: { [name: string]: string }, cwd: string | undefined): ChildProcess {
  const stdio: ["pipe", "pipe", "pipe"] = ["pipe", "pipe", "pipe"];
  // Its own session: Ctrl-C in a terminal must reach us only, or operations in flight would be cut.
  if (process.platform === "win32") return spawn(file, [], { env, stdio, cwd: cwd ?? dirname(file), windowsHide: true });
  return spawn("/bin/sh", ["-c", WATCHDOG, file], { env, stdio, cwd, detached: true });
}

/** Keeps reading stderr, or the plugin would block; keeps its last part only. */
function drain(child: ChildProcess): () => string {
  let tail = "";
  child.stderr?.setEncoding("utf8");
  child.stderr?.on("data", (text: string) => {
    tail = (tail + text).slice(-TAIL);
  });
  child.stdin?.on("error", () => {});
  return () => tail.trim();
}

function describeExit(code: number | null, signal: NodeJS.Signals | null, tail: string): string {
  const how = signal
    ? `was killed (${signal})`
    : code !== null && code > 128
      ? `was killed (signal ${code - 128})`
      : `exited with code ${code}`;
  const panic = /^(?:panic|fatal error|runtime):.*$/m.exec(tail)?.[0];
  return panic ? `${how}: ${panic}` : how;
}

/** The first line: `CORE|APP|NETWORK|ADDRESS|PROTOCOL|CERT`. */
function handshake(child: ChildProcess, exited: Promise<string>): Promise<string[]> {
  return new Promise((resolve, reject) => {
    let text = "";
    const timer = setTimeout(
      () => reject(new PankaError("plugin-failed", "the provider plugin did not start within a minute")),
      HANDSHAKE_MS,
    );
    const onData = (chunk: Buffer): void => {
      text += chunk.toString("utf8");
      const end = text.indexOf("\n");
      if (end < 0) return;
      clearTimeout(timer);
      child.stdout?.off("data", onData);
      child.stdout?.resume();
      const parts = text.slice(0, end).trim().split("|");
      if (parts.length >= 5 && parts[4] === "grpc") resolve(parts);
      else reject(new PankaError("plugin-failed", `the provider plugin did not answer as one: ${text.slice(0, 100).trim()}`));
    };
    child.stdout?.on("data", onData);
    void exited.then((how) => {
      clearTimeout(timer);
      reject(new PankaError("plugin-failed", `the provider plugin ${how} before it was ready`));
    });
  });
}

/** A plugin that nobody stopped must not keep us from exiting; the watchdog ends it then. */
function unref(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) (stream as unknown as { unref?: () => void } | null)?.unref?.();
}

function kill(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (process.platform === "win32") child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // It has gone between the check and the call.
  }
}

async function stop(child: ChildProcess, client: PluginClient, exited: Promise<string>): Promise<void> {
  const asked = client.shutdown(SHUTDOWN_MS).catch(() => {});
  const timer = setTimeout(() => kill(child), SHUTDOWN_MS);
  child.ref();
  await asked;
  await exited;
  clearTimeout(timer);
  client.close();
}
