/**
 * A stand-in for Pulumi Cloud: the part of its HTTP API that the CLI uses for stacks, updates and checkpoints, in memory (routes and shapes:
 * pulumi's pkg/backend/httpstate/client and sdk/go/common/apitype). One update at a time per stack, by a lease token; a cancelled one can write nothing more.
 */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";

/** One stack. */
interface CloudStack {
  deployment: Json | undefined;
  version: number;
  tags: Json;
  /** The update that holds the stack. */
  active: string;
}

/** An update: who may write for it, and how it stands. */
interface Update {
  stack: string;
  token: string;
  kind: string;
  status: string;
}

type Json = any;
type Answer = [status: number, body: Json];

/** A running stand-in. */
export interface PulumiCloud {
  url: string;
  /** `METHOD path` of each request, in order, with `!` where it was refused. */
  asked: string[];
  /** Token that the CLI must show. */
  token: string;
  /** By `organization/project/stack`. */
  stacks: Map<string, CloudStack>;
  /** The checkpoint of a stack as it is now; undefined: none. */
  deployment(stack: string): Json | undefined;
  /** Starts an update as another CLI would; its id and lease token. Rejects where another one runs. */
  startUpdate(stack: string): { id: string; token: string };
  close(): Promise<void>;
}

const CONFLICT: Answer = [409, { code: 409, message: "Conflict: Another update is currently in progress." }];
const refused = (code: number, message: string): Answer => [code, { code, message }];

/** Serves it on a free port, for the organization `acme` and the person `ana`. */
export async function servePulumiCloud(): Promise<PulumiCloud> {
  const service = new Service();
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? "/", "http://x").pathname;
    const body = await bodyOf(request);
    const [status, answer] = service.answer(request.method ?? "", path, body, request.headers.authorization ?? "");
    asked.push(`${request.method} ${path}${status >= 400 ? " !" : ""}`);
    response.writeHead(status, { "content-type": "application/json" }).end(status === 204 ? "" : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    token: service.token,
    stacks: service.stacks,
    deployment: (name) => service.stacks.get(name)?.deployment,
    startUpdate: (name) => service.begin(name),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<Json> {
  const bytes = await buffer(request);
  if (bytes.length === 0) return {};
  return JSON.parse((request.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString());
}

class Service {
  readonly token = "pul-stand-in";
  readonly stacks = new Map<string, CloudStack>();
  private readonly updates = new Map<string, Update>();
  private counter = 0;

  answer(method: string, path: string, body: Json, authorization: string): Answer {
    const update = /^update-token (.*)$/.exec(authorization)?.[1];
    if (update === undefined && authorization !== `token ${this.token}`)
      return refused(401, "Unauthorized: No credentials provided or are invalid.");
    if (path === "/api/user")
      return [200, { githubLogin: "ana", name: "Ana", organizations: [{ githubLogin: "ana" }, { githubLogin: "acme" }] }];
    if (path === "/api/user/organizations/default") return [200, { gitHubLogin: "acme" }];
    if (path === "/api/capabilities") {
      return [200, { capabilities: [{ capability: "deployment-schema-version", version: 1, configuration: { version: 4 } }] }];
    }
    const [, of = ""] = /^\/api\/stacks\/(.*)$/.exec(path) ?? [];
    const [owner, project, stack, ...rest] = of.split("/");
    if (!owner || !project) return refused(404, "Not Found");
    if (!stack) return this.project(method, owner, project, body);
    const name = `${owner}/${project}/${stack}`;
    const found = this.stacks.get(name);
    if (!found) return refused(404, "Not Found: Stack not found");
    // Pulumi tells the service that a key of someone else's decrypted something.
    if (rest[0] === "decrypt" && rest[1]?.startsWith("log-")) return [204, {}];
    return rest.length >= 2 ? this.update(method, rest, body, update) : this.stack(method, name, found, rest[0] ?? "", body);
  }

  private project(method: string, owner: string, project: string, body: Json): Answer {
    const prefix = `${owner}/${project}/`;
    if (method === "HEAD") return [[...this.stacks.keys()].some((name) => name.startsWith(prefix)) ? 200 : 404, {}];
    if (method !== "POST") return refused(404, "Not Found");
    const name = `${prefix}${body.stackName}`;
    if (this.stacks.has(name)) return refused(409, `Conflict: stack '${name}' already exists`);
    this.stacks.set(name, { deployment: undefined, version: 0, tags: body.tags ?? {}, active: "" });
    return [200, {}];
  }

  private stack(method: string, name: string, stack: CloudStack, what: string, body: Json): Answer {
    const [orgName, projectName, stackName] = name.split("/");
    const running = this.updates.get(stack.active)?.status === "running";
    switch (`${method} ${what}`) {
      case "GET ":
        return [200, { id: name, orgName, projectName, stackName, activeUpdate: stack.active, tags: stack.tags, version: stack.version }];
      case "DELETE ":
        this.stacks.delete(name);
        return [204, {}];
      case "GET export":
        return [200, stack.deployment ?? { version: 3, deployment: null }];
      case "POST import": {
        if (running) return CONFLICT;
        stack.deployment = body;
        stack.version += 1;
        return [200, { updateId: this.make(name, "import", "succeeded") }];
      }
      case "PATCH tags":
        stack.tags = body;
        return [204, {}];
      case "GET updates":
        return [200, { updates: [] }];
      case "POST update":
      case "POST preview":
      case "POST refresh":
      case "POST destroy":
        return [200, { updateID: this.make(name, what, "not started") }];
      default:
        return refused(404, `Not Found: ${method} ${what}`);
    }
  }

  private update(method: string, [, id = "", what = "", more = ""]: string[], body: Json, token: string | undefined): Answer {
    const update = this.updates.get(id);
    if (!update) return refused(404, "Not Found: update");
    const stack = this.stacks.get(update.stack) as CloudStack;
    if (method === "GET" && what === "") return [200, { status: update.status, events: [] }];
    if (method === "POST" && what === "") return this.start(update, id, stack, body);
    if (what === "cancel") {
      if (update.status === "running") update.status = "cancelled";
      return [200, {}];
    }
    // Everything else is the holder's alone.
    if (token !== update.token) return refused(401, "Unauthorized: the update token is invalid");
    if (update.status !== "running") return refused(409, "Conflict: The update is no longer running.");
    switch (what === "events" ? `${what}/${more}` : what) {
      case "renew_lease":
        return [200, { token: update.token, tokenExpiration: Math.floor(Date.now() / 1000) + 300 }];
      case "checkpoint":
        stack.deployment = { version: body.version, features: body.features, deployment: body.deployment };
        return [204, {}];
      case "checkpointverbatim":
        stack.deployment = body.untypedDeployment;
        return [204, {}];
      case "events/batch":
        return [200, {}];
      case "complete":
        update.status = body.status;
        return [200, {}];
      default:
        return refused(404, `Not Found: ${what}`);
    }
  }

  private start(update: Update, id: string, stack: CloudStack, body: Json): Answer {
    const preview = update.kind === "preview";
    if (!preview && this.updates.get(stack.active)?.status === "running") return CONFLICT;
    update.status = "running";
    if (body.tags) stack.tags = body.tags;
    if (!preview) {
      stack.active = id;
      stack.version += 1;
    }
    return [200, { version: stack.version, token: update.token }];
  }

  /** Starts an update as another CLI would. */
  begin(name: string): { id: string; token: string } {
    const stack = this.stacks.get(name);
    if (!stack) throw new Error(`there is no stack ${name}`);
    const id = this.make(name, "update", "not started");
    const update = this.updates.get(id) as Update;
    if (this.start(update, id, stack, {})[0] !== 200) throw new Error("another update runs");
    return { id, token: update.token };
  }

  private make(stack: string, kind: string, status: string): string {
    const id = `update-${++this.counter}`;
    this.updates.set(id, { stack, kind, status, token: `lease-${this.counter}` });
    return id;
  }
}
