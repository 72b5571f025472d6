/** Encryption of secret values at rest. AES-256-GCM; the key's source is configured (`backend.encryption`). */

/** An encrypted value as stored. */
export interface Encrypted {
  $enc: string;
}

/** Seals and opens text. `context` (stack path, resource key, property path) is associated data: a value moved elsewhere fails to open. */
export interface Cipher {
  /** For messages: `awskms://alias/panka-state`, `file:~/.panka/keys/...`. */
  readonly source: string;
  seal(plain: string, context: string): Promise<Encrypted>;
  /** Throws PankaError `cannot-decrypt`. */
  open(value: Encrypted, context: string): Promise<string>;
}
