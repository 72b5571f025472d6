/**
 * Pulumi's own encryption by a passphrase (sdk/go/common/resource/config/crypt.go): AES-256-GCM with a key of PBKDF2, SHA-256,
 * 1,000,000 rounds. So an exported state carries secrets that only the passphrase's owner can read, and no CLI is needed to make it.
 */
import { createCipheriv, pbkdf2Sync } from "node:crypto";
import type { Random } from "../../base/clock.js";

/** Rounds of the key derivation, as Pulumi has them. */
const ROUNDS = 1_000_000;

/** Encrypts for one stack. */
export interface PassphraseSecrets {
  /** `encryptionsalt` of Pulumi.<stack>.yaml: the salt, and a known text by which a wrong passphrase is noticed. */
  salt: string;
  /** The ciphertext as Pulumi writes it. */
  encrypt(text: string): string;
}

/** Secrets under a passphrase, with a salt and nonces of chance. */
export function passphraseSecrets(passphrase: string, random: Random): PassphraseSecrets {
  const salt = random.bytes(8);
  const key = pbkdf2Sync(passphrase, salt, ROUNDS, 32, "sha256");
  const encrypt = (text: string): string => {
    const nonce = random.bytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `v1:${base64(nonce)}:${base64(sealed)}`;
  };
  return { salt: `v1:${base64(salt)}:${encrypt("pulumi")}`, encrypt };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
