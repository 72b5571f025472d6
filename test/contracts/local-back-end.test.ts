import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import { localLocker } from "../../framework/lock/local.js";
import { memoryLocker, memoryLockTable } from "../../framework/lock/memory.js";
import { cipherFrom } from "../../framework/state/cipher-source.js";
import { localStore } from "../../framework/state/local.js";
import { memoryStore } from "../../framework/state/memory.js";
import { realClock as clock, realRandom as random } from "../support/world.js";
import { approvalContract } from "./approvals.js";
import { journalContract } from "./journal.js";
import { lockerContract } from "./locker.js";
import { releaseContract } from "./releases.js";
import { storeContract } from "./state-store.js";

const base = mkdtempSync(join(tmpdir(), "panka-contract-"));
const folder = join(base, ".panka/stacks/shop/dev");

const env = { KEY: Buffer.alloc(32, 7).toString("base64") };
const cipher = (source: string | undefined) => cipherFrom(source, { home: base, projectRoot: base, env, random, aws: { region: "" } });

const memory = suite("memory");
const shared = new Map();
const table = memoryLockTable();
storeContract(memory, "memory", () => memoryStore(shared));
lockerContract(memory, "memory", () => memoryLocker({ table, clock, random }));
journalContract(
  memory,
  "memory, env: key",
  () => memoryStore(shared),
  () => cipher("env:KEY"),
);
releaseContract(
  memory,
  "memory, env: key",
  () => memoryStore(shared),
  () => cipher("env:KEY"),
);
approvalContract(
  memory,
  "memory, env: key",
  () => memoryStore(shared),
  () => cipher("env:KEY"),
);
memory.run();

const local = suite("local");
storeContract(local, "local", () => localStore({ folder, random }));
lockerContract(local, "local", () => localLocker({ folder, clock, random }));
journalContract(
  local,
  "local, file: key",
  () => localStore({ folder, random }),
  () => cipher(undefined),
);
releaseContract(
  local,
  "local, file: key",
  () => localStore({ folder, random }),
  () => cipher(undefined),
);
approvalContract(
  local,
  "local, file: key",
  () => localStore({ folder, random }),
  () => cipher(undefined),
);
local.after(() => rmSync(base, { recursive: true, force: true }));
local.run();
