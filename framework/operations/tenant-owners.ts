/** CODEOWNERS: who is asked about a change of a tenant's files. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Whose files they are. */
export interface Owners {
  /** The tenant's name. */
  name: string;
  /** As CODEOWNERS names them: `@org/payments`. */
  teamOwner: string;
  platformOwner: string;
}

/** Documents of the platform team in the usual layout, wherever they lie: `infra/compliance.yaml`, `environments/production/security.yml`. */
const INFRA_FILES = ["infra*", "defaults", "networking", "security", "observability", "compliance"];

/** Where GitHub looks, first one first. */
const PLACES = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/** The lines of a tenant. Of several that match a file the last one counts, so the team's own come first. */
export function ownerLines({ name, teamOwner, platformOwner }: Owners): string[] {
  const infra = [
    `/stacks/${name}/**/infra/`,
    ...INFRA_FILES.flatMap((file) => ["yaml", "yml"].map((e) => `/stacks/${name}/**/${file}.${e}`)),
  ];
  const platform = [
    ...infra,
    `/tenants/${name}/`,
    `/.github/workflows/panka-${name}.yml`,
    "/panka.config.*",
    ...PLACES.map((p) => `/${p}`),
  ];
  return [
    `# Tenant ${name}: the team owns its stacks, the platform team what they run on and what decides about it`,
    `/stacks/${name}/ ${teamOwner}`,
    ...platform.map((pattern) => `${pattern} ${platformOwner}`),
  ];
}

/** Adds what is not there yet to the file that GitHub reads; its path relative to the root, undefined if nothing was missing. */
export function addOwners(root: string, owners: Owners): string | undefined {
  const place = PLACES.find((p) => existsSync(join(root, p))) ?? "CODEOWNERS";
  const file = join(root, place);
  const have = existsSync(file) ? readFileSync(file, "utf8") : "";
  const lines = have.split(/\r?\n/);
  const missing = ownerLines(owners).filter((line) => !lines.includes(line));
  if (missing.length === 0) return undefined;
  const gap = have === "" ? "" : have.endsWith("\n") ? "\n" : "\n\n";
  writeFileSync(file, `${have}${gap}${missing.join("\n")}\n`);
  return place;
}
