/** Who is logged in to Pulumi Cloud: a token in the environment, or what `pulumi login` left in Pulumi's home folder. */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PankaError } from "../../base/errors.js";
import type { CliWorld } from "./cli.js";

/** Pulumi's own place of what belongs to a person: PULUMI_HOME, else ~/.pulumi. */
export function pulumiHome({ env, home }: CliWorld): string {
  return env.PULUMI_HOME || join(home, ".pulumi");
}

/** Puts the login for `url` into a run's own home folder; a token in PULUMI_ACCESS_TOKEN needs none. Throws PankaError `no-pulumi-login`. */
export async function shareLogin(world: CliWorld, url: string, home: string): Promise<void> {
  if (world.env.PULUMI_ACCESS_TOKEN) return;
  const file = join(pulumiHome(world), "credentials.json");
  const found = existsSync(file) ? await readFile(file, "utf8") : "{}";
  if (!hasToken(found, url)) {
    throw new PankaError("no-pulumi-login", `the configuration keeps Pulumi's checkpoint at ${url}, and nobody is logged in there`, {
      next: `pulumi login ${url}, or set PULUMI_ACCESS_TOKEN`,
    });
  }
  await writeFile(join(home, "credentials.json"), found, { mode: 0o600 });
}

/** The file holds a token by URL (sdk/go/common/workspace/creds.go). */
function hasToken(text: string, url: string): boolean {
  try {
    const { accessTokens = {} } = JSON.parse(text) as { accessTokens?: { [url: string]: string } };
    return Boolean(accessTokens[url]);
  } catch {
    return false;
  }
}
