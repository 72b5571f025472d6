import { createDecipheriv, pbkdf2Sync } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { passphraseSecrets } from "../../../../framework/engine/pulumi/passphrase.js";
import { realRandom } from "../../../support/world.js";

test("what is encrypted is read with the passphrase and the salt, as Pulumi does it; the salt holds a known text", () => {
  const { salt, encrypt } = passphraseSecrets("a long passphrase", realRandom);
  const [version, saltBytes = "", ...known] = salt.split(":");
  assert.is(version, "v1");
  const key = pbkdf2Sync("a long passphrase", Buffer.from(saltBytes, "base64"), 1_000_000, 32, "sha256");
  const open = (text: string): string => {
    const [, nonce = "", sealed = ""] = text.split(":");
    const bytes = Buffer.from(sealed, "base64");
    const cipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
    cipher.setAuthTag(bytes.subarray(-16));
    return Buffer.concat([cipher.update(bytes.subarray(0, -16)), cipher.final()]).toString();
  };
  assert.is(open(known.join(":")), "pulumi");
  assert.is(open(encrypt('"täst"')), '"täst"');
  assert.is.not(encrypt("a"), encrypt("a"), "each has a nonce of its own");
});

test.run();
