import { test } from "uvu";
import * as assert from "uvu/assert";
import { redactor, withoutAccess } from "../../../framework/base/redact.js";

const SECRET = 'p@ss "w\no/rd';

test("a secret is masked in each of its forms, wherever it stands", () => {
  const bytes = Buffer.from(SECRET);
  const forms = [
    SECRET,
    'p@ss "w o/rd',
    JSON.stringify(SECRET),
    bytes.toString("base64"),
    bytes.toString("base64url"),
    encodeURIComponent(SECRET),
    bytes.toString("hex"),
  ];
  const clean = redactor([SECRET]);
  for (const form of forms) assert.match(clean(`the value ${form} is not allowed`), /^the value "?\[secret\]=*"? is not allowed$/, form);
});

test("the longer of two secrets is masked first, and other text stays as it is", () => {
  assert.is(redactor(["abcd", "abcdef"])("abcdef and abcd"), "[secret] and [secret]");
  assert.is(redactor([])("as it is"), "as it is");
  assert.is(redactor([""])("as it is"), "as it is");
});

test("signatures of signed URLs, authorization headers and secret keys are masked wherever they stand; other text stays", () => {
  const signed =
    "https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA1%2F2026&X-Amz-Security-Token=FwoGZX%2F%2F&X-Amz-Signature=9f8e7d";
  const clean = withoutAccess(`GET ${signed} failed: 403`);
  for (const part of ["AKIA1", "FwoGZX", "9f8e7d"]) assert.not.match(clean, new RegExp(part));
  assert.match(clean, /^GET https:\/\/b\.s3.*X-Amz-Algorithm=AWS4-HMAC-SHA256.* failed: 403$/);
  assert.is(withoutAccess("Authorization: Bearer eyJhbGciOi.x.y"), "Authorization: Bearer [secret]");
  assert.is(withoutAccess("aws_secret_access_key = wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY"), "aws_secret_access_key = [secret]");
  assert.is(withoutAccess("the signature is wrong"), "the signature is wrong");
});

test("a text that holds a secret of one to three characters is withheld whole", () => {
  assert.is(redactor(["7"])("there are 7 of them"), "the message is left out: it may hold a secret value");
  assert.is(redactor(["7"])("nothing of it"), "nothing of it");
});

test.run();
