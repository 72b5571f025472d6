/** Downloads the pinned plugin. Nothing is unpacked before the signature of the sums and the sum of the archive are right. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf, PankaError } from "../../base/errors.js";
import { sha256 } from "../../base/json.js";
import { proxySettings } from "../../base/proxy.js";
import type { EventSink } from "../../model/index.js";
import { cacheFolder, type PluginPin, platformName, type SearchContext, unpack } from "./discovery.js";
import { proxiedFetch } from "./proxied-fetch.js";

/** How often progress is told, bytes. */
const PROGRESS_STEP = 1 << 20;

/** What a download needs. */
export interface DownloadContext extends SearchContext {
  /** Holds the publisher's key. */
  dataDir: string;
  events?: EventSink;
  /** Default: the platform's. */
  fetch?: typeof globalThis.fetch;
}

/**
 * Downloads, checks and unpacks; gives the program's path.
 * @throws PankaError `plugin-download` (no answer), `plugin-signature`, `plugin-checksum`, `plugin-archive`
 */
export async function downloadPlugin(pin: PluginPin, context: DownloadContext): Promise<string> {
  const base = `${pin.releases}/${pin.version}/${pin.product}_${pin.version}`;
  const archive = `${pin.product}_${pin.version}_${platformName(context)}.zip`;
  const sums = await get(`${base}_SHA256SUMS`, context);
  const signature = await get(`${base}_SHA256SUMS.sig`, context);
  await checkSignature(sums, signature, pin, context.dataDir);
  const expected = sumOf(Buffer.from(sums).toString("utf8"), archive);
  if (!expected) {
    throw new PankaError("plugin-checksum", `version ${pin.version} of the provider plugin is not released for ${platformName(context)}`);
  }
  const zip = await get(`${pin.releases}/${pin.version}/${archive}`, context, `provider plugin ${pin.version}`);
  const actual = sha256(zip);
  if (actual !== expected) {
    throw new PankaError(
      "plugin-checksum",
      `the downloaded ${archive} is not what its publisher signed: SHA-256 ${actual}, expected ${expected}`,
      {
        next: "try again; if it stays so, something between you and the publisher changes files",
      },
    );
  }
  return unpack(zip, cacheFolder(pin, context), pin, archive);
}

/** The sum of a file in a SHA256SUMS text. */
function sumOf(text: string, file: string): string | undefined {
  for (const line of text.split("\n")) {
    const [sum, name] = line.trim().split(/\s+/);
    if (name === file && sum && /^[0-9a-f]{64}$/.test(sum)) return sum;
  }
  return undefined;
}

async function checkSignature(data: Uint8Array, signature: Uint8Array, pin: PluginPin, dataDir: string): Promise<void> {
  const openpgp = await import("openpgp");
  const refuse = (why: string, cause?: unknown): PankaError =>
    new PankaError("plugin-signature", `the provider plugin's checksums are not signed by its publisher: ${why}`, {
      cause,
      next: "put the plugin into a folder of your own and set PANKA_PLUGIN_DIR, or try again later",
    });
  const key = await openpgp.readKey({ armoredKey: readFileSync(join(dataDir, pin.keyFile), "utf8") });
  if (key.getFingerprint().toUpperCase() !== pin.fingerprint) throw refuse("the key that ships is not the pinned one");
  try {
    const message = await openpgp.createMessage({ binary: data });
    const result = await openpgp.verify({
      message,
      signature: await openpgp.readSignature({ binarySignature: signature }),
      verificationKeys: key,
    });
    const [first] = result.signatures;
    if (!first) throw new Error("no signature");
    await first.verified;
  } catch (error) {
    throw refuse(messageOf(error), error);
  }
}

/** Fetches a file whole; `label` tells progress under that name. */
async function get(url: string, context: DownloadContext, label?: string): Promise<Uint8Array> {
  let answer: Response;
  try {
    answer = await (context.fetch ?? proxiedFetch(proxySettings(context.env)))(url, { redirect: "follow" });
  } catch (cause) {
    throw notDownloaded(url, messageOf((cause as Error).cause ?? cause), cause);
  }
  if (!answer.ok || !answer.body) throw notDownloaded(url, `HTTP ${answer.status}`);
  const total = Number(answer.headers.get("content-length") ?? 0);
  const chunks: Uint8Array[] = [];
  let received = 0;
  let told = 0;
  const tell = (): void => {
    told = received;
    if (label) context.events?.({ type: "download", message: label, received, total });
  };
  tell();
  try {
    for await (const chunk of answer.body) {
      chunks.push(chunk);
      received += chunk.length;
      if (received - told >= PROGRESS_STEP) tell();
    }
  } catch (cause) {
    throw notDownloaded(url, messageOf(cause), cause);
  }
  if (received !== told) tell();
  return new Uint8Array(Buffer.concat(chunks));
}

function notDownloaded(url: string, why: string, cause?: unknown): PankaError {
  return new PankaError("plugin-download", `the provider plugin could not be downloaded from ${url}: ${why}`, {
    cause,
    next: "check the network or HTTPS_PROXY, or set PANKA_PLUGIN_DIR to a Terraform filesystem mirror that holds it",
  });
}
