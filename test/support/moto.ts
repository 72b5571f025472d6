/** An AWS API to test against: moto_server, found on PATH, one fresh server per suite, stopped by its process id. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";

/** A running emulator. */
export interface Moto {
  /** `http://127.0.0.1:<port>`. */
  endpoint: string;
  port: number;
  /** What a client needs in its environment: endpoint, region, made-up credentials. */
  env: Record<string, string>;
  stop(): Promise<void>;
}

/** True if moto_server is on PATH. */
export function hasMoto(): boolean {
  return spawnSync("sh", ["-c", "command -v moto_server"]).status === 0;
}

/** True if the environment names a plugin mirror. */
export function hasPlugin(): boolean {
  return existsSync(process.env.PANKA_PLUGIN_DIR ?? "");
}

/** True if the AWS CLI is on PATH. */
export function hasAwsCli(): boolean {
  return spawnSync("sh", ["-c", "command -v aws"]).status === 0;
}

/** A port that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}

/** Settings that give the emulator the calls of moto-more/. */
export const MORE_CALLS: Record<string, string> = {
  PYTHONDONTWRITEBYTECODE: "1",
  PYTHONPATH: [fileURLToPath(new URL("./moto-more", import.meta.url)), process.env.PYTHONPATH ?? ""].filter(Boolean).join(delimiter),
};

/** Starts moto_server on a free port and waits until it answers (at most 60 s). `settings`: its own, MOTO_*. */
export async function startMoto(settings: Record<string, string> = {}): Promise<Moto> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const child = spawn("moto_server", ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore", env: { ...process.env, ...settings } });
  let gone = false;
  const closed = new Promise<void>((resolve) =>
    child.on("exit", () => {
      gone = true;
      resolve();
    }),
  );
  process.once("exit", () => {
    if (!gone) child.kill("SIGKILL");
  });
  const deadline = performance.now() + 60_000;
  for (;;) {
    if (gone) throw new Error("moto_server ended before it answered");
    const answered = await fetch(`${endpoint}/moto-api/`).then(
      (r) => r.ok,
      () => false,
    );
    if (answered) break;
    if (performance.now() > deadline) throw new Error("moto_server did not answer in 60 s");
    await new Promise((r) => setTimeout(r, 100));
  }
  const env = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
  };
  return {
    endpoint,
    port,
    env,
    stop: async () => {
      if (!gone) child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 3000);
      await closed;
      clearTimeout(timer);
    },
  };
}

/** Runs `body` with a fresh emulator, which it stops afterwards. */
export async function onFresh<T>(body: (moto: Moto) => T | Promise<T>, settings: Record<string, string> = {}): Promise<T> {
  const moto = await startMoto(settings);
  try {
    return await body(moto);
  } finally {
    await moto.stop();
  }
}

/** Runs `body` with a fresh emulator; prints a SKIP line and runs nothing where there is none. */
export async function withMoto(
  body: (endpoint: string, env: Record<string, string>) => Promise<unknown>,
  settings: Record<string, string> = {},
): Promise<void> {
  if (!hasMoto()) {
    console.log("SKIP a test against the AWS emulator: moto_server is not on PATH");
    return;
  }
  await onFresh((moto) => body(moto.endpoint, moto.env), settings);
}

function cliEnv(): NodeJS.ProcessEnv {
  return { ...process.env, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_DEFAULT_REGION: "us-east-1", AWS_PAGER: "" };
}

const cliArgs = (endpoint: string, args: string[]): string[] => ["--endpoint-url", endpoint, "--output", "json", ...args];

/** Output of `aws ARGS` against the emulator, JSON. */
export function aws(endpoint: string, args: string[]): string {
  return execFileSync("aws", cliArgs(endpoint, args), { encoding: "utf8", env: cliEnv(), maxBuffer: 1 << 26 });
}

/** The same of several commands, in one process of the CLI's language where its code can be loaded there: of each command alone most is the start. */
export function awsAll(endpoint: string, commands: string[][]): string[] {
  if (spawnSync("python3", ["-c", "import awscli"], { stdio: "ignore" }).status !== 0) return commands.map((args) => aws(endpoint, args));
  const input = JSON.stringify(commands.map((args) => cliArgs(endpoint, args)));
  const script = fileURLToPath(new URL("./aws-commands.py", import.meta.url));
  return JSON.parse(execFileSync("python3", [script], { encoding: "utf8", env: cliEnv(), input, maxBuffer: 1 << 26 }));
}

/** The same, parsed; `{}` for what says nothing. */
export function awsJson(endpoint: string, commands: string[][]): any[] {
  return awsAll(endpoint, commands).map((text) => JSON.parse(text.trim() || "{}"));
}
