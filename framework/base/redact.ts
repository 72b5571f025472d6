/** Takes known secrets out of text that somebody else wrote: a provider may repeat in its error what it was sent. */

/** A secret shorter than this can't be cut out of text without showing where it was; the whole text is withheld. Characters. */
const SHORT = 4;

/** What stands in place of a secret. */
const MASK = "[secret]";

/**
 * What gives access by itself wherever it stands: signatures and tokens of signed URLs, authorization headers, secret access keys as they are
 * written in settings. Parameter names: AWS Signature Version 4, query string form.
 */
const ACCESS: RegExp[] = [
  /(X-Amz-(?:Signature|Security-Token|Credential)=)[^&\s"'<>]+/gi,
  /(\bAuthorization["']?\s*[:=]\s*["']?(?:Bearer|Basic|AWS4-HMAC-SHA256)\s+)[^\n"']+/gi,
  /(\b(?:aws_)?(?:secret_?access_?key|session_?token)["']?\s*[:=]\s*["']?)[A-Za-z0-9/+=]{16,}/gi,
];

/** The text without what gives access by itself. */
export function withoutAccess(text: string): string {
  return ACCESS.reduce((clean, pattern) => clean.replace(pattern, `$1${MASK}`), text);
}

/** A function that masks what gives access by itself, and these secrets, also as JSON, base64, URL and hex text. A text that holds a very short one is withheld whole. */
export function redactor(secrets: Iterable<string>): (text: string) => string {
  const all = [...new Set(secrets)].filter((s) => s !== "");
  const short = all.filter((s) => s.length < SHORT);
  const forms = [...new Set(all.filter((s) => s.length >= SHORT).flatMap(formsOf))].sort((a, b) => b.length - a.length);
  return (text) => {
    if (short.some((s) => text.includes(s))) return "the message is left out: it may hold a secret value";
    return withoutAccess(forms.reduce((clean, form) => clean.replaceAll(form, MASK), text));
  };
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const joined = secret.replace(/\s+/g, " ").trim();
  return [
    secret,
    joined,
    JSON.stringify(secret).slice(1, -1),
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
    encodeURIComponent(secret),
    bytes.toString("hex"),
  ];
}
