/** Docker, as a program: builds an image and pushes it. Nothing else of Panka starts it. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PankaError } from "../../base/errors.js";
import type { ImageBuild } from "../../model/images.js";

/** A login to a registry. */
export interface RegistryLogin {
  /** Host. */
  registry: string;
  username: string;
  password: string;
}

/** Lines of output that a failure repeats. */
const LAST_LINES = 12;
/** Longest wait for an answer to a question about Docker itself, ms. */
const CHECK_MS = 20_000;

/** What a finished program left. */
interface Ended {
  /** Undefined: it could not be started. */
  code: number | null | undefined;
  output: string;
}

/** Docker's command line. */
export class Docker {
  private readonly running = new Set<ChildProcess>();
  private readonly logins = new Map<string, Promise<void>>();

  /** @param env the environment of the docker program: PATH, HOME, DOCKER_HOST and the like */
  constructor(private readonly env: { [name: string]: string | undefined }) {}

  /** Throws PankaError `no-docker` where images can't be built here; `what` is what would be. */
  async check(what: string): Promise<void> {
    const other = "or give a built image: --image service/component=REPOSITORY:TAG";
    const version = await this.run(["version", "--format", "{{.Server.Version}}"], { timeoutMs: CHECK_MS });
    if (version.code === undefined)
      throw new PankaError("no-docker", `${what} must be built, and there is no docker on PATH`, {
        next: `install Docker with buildx (docs.docker.com/get-docker), ${other}`,
      });
    if (version.code !== 0)
      throw new PankaError("no-docker", `${what} must be built, and Docker does not answer: ${lastLine(version.output)}`, {
        next: `start Docker (docker info says whether it runs), ${other}`,
      });
    const buildx = await this.run(["buildx", "version"], { timeoutMs: CHECK_MS });
    if (buildx.code !== 0)
      throw new PankaError("no-docker", `${what} must be built, and this docker has no buildx`, {
        next: `install the buildx plugin (docs.docker.com/go/buildx), ${other}`,
      });
  }

  /** Logs in, once per registry; the password goes by stdin. Throws PankaError `docker-login`. */
  login({ registry, username, password }: RegistryLogin): Promise<void> {
    let login = this.logins.get(registry);
    if (!login) {
      login = this.run(["login", "--username", username, "--password-stdin", registry], { input: password }).then((ended) => {
        if (ended.code === 0) return;
        this.logins.delete(registry);
        const said = lastLine(ended.output).split(password).join("[secret]");
        throw new PankaError("docker-login", `docker could not log in to ${registry}: ${said}`);
      });
      this.logins.set(registry, login);
    }
    return login;
  }

  /**
   * Builds an image and pushes it under `reference` (`repository:tag`); `say` hears what is done, in plain words. Returns the digest of what was
   * pushed. Throws PankaError `build-failed` with the last lines of the output.
   */
  async build(build: ImageBuild, reference: string, say: (message: string) => void): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), "panka-image-"));
    try {
      const metadata = join(folder, "metadata.json");
      const ended = await this.run(buildArguments(build, reference, metadata), { heard: (line) => stepOf(line, say) });
      if (ended.code !== 0) throw new PankaError("build-failed", `docker buildx build failed: ${tail(ended)}`);
      const written = JSON.parse(readFileSync(metadata, "utf8")) as { [key: string]: unknown };
      const digest = written["containerimage.digest"];
      if (typeof digest === "string") return digest;
      throw new PankaError("build-failed", "docker buildx build did not say the digest of what it pushed");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Ends what runs. */
  close(): void {
    for (const child of this.running) if (child.pid !== undefined) endGroup(child.pid);
  }

  /** Runs docker in a process group of its own, so that a Ctrl-C meant for Panka does not break off a push. Never throws. */
  private run(args: string[], more: { input?: string; timeoutMs?: number; heard?: (line: string) => void } = {}): Promise<Ended> {
    return new Promise((resolve) => {
      const child = spawn("docker", args, { env: this.env as NodeJS.ProcessEnv, stdio: ["pipe", "pipe", "pipe"], detached: true });
      this.running.add(child);
      const lines: string[] = [];
      const timer = more.timeoutMs === undefined ? undefined : setTimeout(() => child.pid && endGroup(child.pid), more.timeoutMs);
      const end = (code: number | null | undefined): void => {
        clearTimeout(timer);
        this.running.delete(child);
        resolve({ code, output: lines.join("\n") });
      };
      for (const stream of [child.stdout, child.stderr])
        eachLine(stream, (line) => {
          lines.push(line);
          if (lines.length > 500) lines.shift();
          more.heard?.(line);
        });
      child.on("error", () => end(undefined));
      child.on("close", (code) => end(code));
      child.stdin.on("error", () => {}); // it ended without reading
      child.stdin.end(more.input ?? "");
    });
  }
}

/** Its arguments. Without attestations, which Lambda does not take and which would make the digest differ from build to build. */
function buildArguments(build: ImageBuild, reference: string, metadata: string): string[] {
  return [
    ...["buildx", "build", "--push", "--provenance=false", "--sbom=false", "--progress=plain"],
    ...["--platform", build.platform, "--file", build.dockerfile, "--tag", reference, "--metadata-file", metadata],
    ...(build.target === undefined ? [] : ["--target", build.target]),
    ...Object.entries(build.args)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
    build.context,
  ];
}

/** BuildKit's plain progress: `#7 [2/4] RUN npm ci` is a step, `#9 pushing layers` a phase of the push; output of commands is not repeated. */
function stepOf(line: string, say: (message: string) => void): void {
  const step = /^#\d+ \[(?!internal)([^\]]+)\] (.+)$/.exec(line);
  if (step) say(`building ${step[1]}: ${step[2]}`);
  else if (/^#\d+ pushing layers/.test(line)) say("pushing its layers");
}

function tail({ code, output }: Ended): string {
  const lines = output.split("\n").filter((l) => l.trim() !== "");
  return lines.length === 0 ? `it ended with ${code ?? "a signal"}` : lines.slice(-LAST_LINES).join("\n");
}

function lastLine(output: string): string {
  return output.trim().split("\n").pop() ?? "";
}

function eachLine(stream: NodeJS.ReadableStream, heard: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) heard(line);
  });
  stream.on("end", () => {
    if (rest !== "") heard(rest);
  });
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGTERM");
  } catch {
    // it has ended
  }
}
