/**
 * AES-256-GCM over single values. The key comes from a file, an environment variable, a passphrase file or a key service.
 *
 * A sealed value is `1.<mode>.<key part>.<iv>.<ciphertext and tag>`, all base64url. Mode `k`: the key part is the key's id (8 hex digits);
 * `p`: a passphrase, the key part is the salt; `w`: the key part is the data key, wrapped by the key service.
 */
import { createCipheriv, createDecipheriv, createHash, scrypt } from "node:crypto";
import type { Random } from "../base/clock.js";
import { PankaError } from "../base/errors.js";
import type { Cipher, Encrypted } from "../model/cipher.js";

/** Gives keys: one to seal with, and the one that a key part names. */
export interface KeyRing {
  readonly mode: "k" | "p" | "w";
  /** The key to seal with. Throws PankaError `no-key` when it is not at hand. */
  current(): Promise<{ part: string; key: Uint8Array }>;
  /** The key of a sealed value. Throws `no-key`, or `cannot-decrypt` for another key's. */
  find(part: string): Promise<Uint8Array>;
}

/** A cipher over a key ring. */
export function aesCipher(source: string, ring: KeyRing, random: Random): Cipher {
  const fail = (why: string, cause?: unknown): PankaError =>
    new PankaError("cannot-decrypt", `what was encrypted can't be decrypted with ${source}: ${why}`, {
      next: "set backend.encryption to the key that it was encrypted with",
      cause,
    });
  return {
    source,
    async seal(plain, context): Promise<Encrypted> {
      const { part, key } = await ring.current();
      const iv = random.bytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, iv);
      cipher.setAAD(Buffer.from(context));
      const sealed = Buffer.concat([cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
      return { $enc: ["1", ring.mode, part, Buffer.from(iv).toString("base64url"), sealed.toString("base64url")].join(".") };
    },
    async open(value, context) {
      const [version, mode, part, iv, body, ...more] = value.$enc.split(".");
      if (version !== "1" || !part || !iv || !body || more.length > 0) throw fail("its form is unknown");
      if (![part, iv, body].every(isAsWritten)) throw fail("it was changed");
      if (mode !== ring.mode) throw fail("it was encrypted with another kind of key");
      const key = await ring.find(part);
      const bytes = Buffer.from(body, "base64url");
      try {
        const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(iv, "base64url"), { authTagLength: 16 });
        decipher.setAAD(Buffer.from(context));
        decipher.setAuthTag(bytes.subarray(bytes.length - 16));
        return Buffer.concat([decipher.update(bytes.subarray(0, bytes.length - 16)), decipher.final()]).toString("utf8");
      } catch (error) {
        throw fail("it was changed, moved from another place, or the key is another", error);
      }
    },
  };
}

/** Decoders of base64 pass over unused bits and odd characters: a change there would go unnoticed. */
function isAsWritten(part: string): boolean {
  return Buffer.from(part, "base64url").toString("base64url") === part;
}

/** A ring of one key, read at first use. */
export function singleKey(source: string, read: () => Promise<Uint8Array>): KeyRing {
  let loaded: Promise<{ part: string; key: Uint8Array }> | undefined;
  const current = () => {
    loaded ??= read().then((key) => ({ part: createHash("sha256").update("panka-key").update(key).digest("hex").slice(0, 8), key }));
    return loaded;
  };
  return {
    mode: "k",
    current,
    async find(part) {
      const own = await current();
      if (own.part === part) return own.key;
      throw new PankaError("cannot-decrypt", `it was encrypted with key ${part}, but ${source} holds key ${own.part}`, {
        next: "set backend.encryption to the key that it was encrypted with",
      });
    },
  };
}

/** scrypt with N = 2^15, r = 8, p = 1: about 0.1 s and 32 MiB per salt. */
const SCRYPT = { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

/** A ring over a passphrase: one salt per run to seal with. */
export function passphraseKeys(read: () => Promise<string>, random: Random): KeyRing {
  const keys = new Map<string, Promise<Uint8Array>>();
  let own: string | undefined;
  const find = (part: string): Promise<Uint8Array> => {
    const known = keys.get(part);
    if (known) return known;
    const made = read().then(
      (phrase) =>
        new Promise<Uint8Array>((resolve, reject) =>
          scrypt(phrase, Buffer.from(part, "base64url"), 32, SCRYPT, (error, key) => (error ? reject(error) : resolve(key))),
        ),
    );
    keys.set(part, made);
    return made;
  };
  return {
    mode: "p",
    async current() {
      own ??= Buffer.from(random.bytes(16)).toString("base64url");
      return { part: own, key: await find(own) };
    },
    find,
  };
}
