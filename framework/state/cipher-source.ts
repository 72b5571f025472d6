/** `backend.encryption` -> a cipher. Nothing is read before a value is sealed or opened. */
import { readFile, stat } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import type { Random } from "../base/clock.js";
import { messageOf, PankaError, usageError } from "../base/errors.js";
import { codeOf, makeFolder } from "../base/folders.js";
import { nearest } from "../base/nearest.js";
import type { Cipher } from "../model/cipher.js";
import type { AwsReach } from "../model/client-options.js";
import { aesCipher, passphraseKeys, singleKey } from "./cipher.js";
import { createWhole } from "./durable-files.js";

/** The key that the local back end uses when nothing is configured, below the home folder. */
export const DEFAULT_KEY_FILE = ".panka/keys/local.key";

/** What the sources read from. */
export interface CipherWorld {
  home: string;
  /** Relative paths are relative to it. */
  projectRoot: string;
  env: { [name: string]: string | undefined };
  random: Random;
  /** For `awskms://`. */
  aws: AwsReach;
}

/**
 * The cipher for `file:PATH`, `env:NAME`, `passphrase:PATH` or `awskms://ALIAS-OR-ID`. Undefined source: the key file in the home
 * folder, made on first use. Throws a usage error for any other text; the key itself is read at first use (PankaError `no-key`).
 */
export function cipherFrom(source: string | undefined, world: CipherWorld): Cipher {
  const { random } = world;
  if (source === undefined) {
    const path = join(world.home, DEFAULT_KEY_FILE);
    const read = () => readKeyFile(path).catch((error) => (isMissing(error) ? makeKeyFile(path, random) : Promise.reject(error)));
    return aesCipher(`file:~/${DEFAULT_KEY_FILE}`, singleKey(`file:~/${DEFAULT_KEY_FILE}`, read), random);
  }
  const colon = source.indexOf(":");
  const scheme = source.slice(0, Math.max(colon, 0));
  const rest = source.slice(colon + 1);
  const path = rest.startsWith("~/") ? join(world.home, rest.slice(2)) : isAbsolute(rest) ? rest : join(world.projectRoot, rest);
  if (scheme === "file" && rest)
    return aesCipher(
      source,
      singleKey(source, () => readKeyFile(path)),
      random,
    );
  if (scheme === "env" && rest)
    return aesCipher(
      source,
      singleKey(source, async () => keyFromText(world.env[rest], source)),
      random,
    );
  if (scheme === "passphrase" && rest)
    return aesCipher(
      source,
      passphraseKeys(() => readPassphrase(path), random),
      random,
    );
  if (scheme === "awskms" && rest.length > 2) return kmsCipher(source, rest.replace(/^\/\//, ""), world);
  const schemes = ["file", "env", "passphrase", "awskms"];
  const near = nearest(scheme, schemes);
  throw usageError(
    "bad-encryption",
    `backend.encryption is ${JSON.stringify(source)}; expected awskms://ALIAS, file:PATH, env:NAME or passphrase:PATH${near ? `; did you mean ${near}:?` : ""}`,
  );
}

function kmsCipher(source: string, keyId: string, world: CipherWorld): Cipher {
  let made: Promise<Cipher> | undefined;
  const cipher = () => {
    made ??= import("./kms.js").then(({ kmsKeys }) => aesCipher(source, kmsKeys(keyId, world.aws), world.random));
    return made;
  };
  return {
    source,
    seal: async (plain, context) => (await cipher()).seal(plain, context),
    open: async (value, context) => (await cipher()).open(value, context),
  };
}

const isMissing = (error: unknown): boolean => codeOf((error as { cause?: unknown }).cause) === "ENOENT";

function noKey(message: string, next: string, cause?: unknown): PankaError {
  return new PankaError("no-key", message, { next, cause });
}

async function readKeyFile(path: string): Promise<Uint8Array> {
  await refuseOpenFile(path);
  return keyFromText(await readFile(path, "utf8"), `file:${path}`);
}

async function readPassphrase(path: string): Promise<string> {
  await refuseOpenFile(path);
  const phrase = (await readFile(path, "utf8")).replace(/\r?\n$/, "");
  if (phrase.length >= 12) return phrase;
  throw noKey(`the passphrase in ${path} has ${phrase.length} characters; expected at least 12`, "use a longer one");
}

/** A secret file that others may read is refused; so is one that is absent. */
async function refuseOpenFile(path: string): Promise<void> {
  let mode: number;
  try {
    mode = (await stat(path)).mode;
  } catch (error) {
    throw noKey(
      `the key file ${path} can't be read: ${messageOf(error)}`,
      `head -c 32 /dev/urandom | base64 > ${path} && chmod 600 ${path}`,
      error,
    );
  }
  if (mode & 0o077) throw noKey(`the key file ${path} can be read by others (mode ${(mode & 0o777).toString(8)})`, `chmod 600 ${path}`);
}

/** 32 bytes as base64 or as 64 hex digits. */
function keyFromText(text: string | undefined, source: string): Uint8Array {
  const clean = text?.trim() ?? "";
  if (!clean) throw noKey(`${source} holds no key`, "head -c 32 /dev/urandom | base64 makes one");
  const key = /^[0-9a-f]{64}$/i.test(clean) ? Buffer.from(clean, "hex") : Buffer.from(clean, "base64");
  if (key.length === 32) return key;
  throw noKey(
    `${source} holds ${key.length} bytes; expected a key of 32 bytes, as base64 or hex`,
    "head -c 32 /dev/urandom | base64 makes one",
  );
}

/** Makes the key file, or reads the one that another process made first. */
async function makeKeyFile(path: string, random: Random): Promise<Uint8Array> {
  await makeFolder(dirname(path));
  await createWhole(path, `${Buffer.from(random.bytes(32)).toString("base64")}\n`, `${path}.${random.uuid()}`);
  return readKeyFile(path);
}
