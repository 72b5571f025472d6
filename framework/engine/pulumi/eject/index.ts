/** Ejects a deployed stack: a plain Pulumi project of the same resources, and the state that it goes on from. */
import type { Random } from "../../../base/clock.js";
import { canonicalJson, type Json } from "../../../base/json.js";
import { packageOf } from "../../../base/names.js";
import type { Assembly } from "../../../model/assembly.js";
import type { StateFile } from "../../../model/state-file.js";
import { assetsIn } from "../../../plan/resolve.js";
import { deploymentOf, type PulumiPackage } from "../deployment.js";
import { flatLayout } from "../layout.js";
import type { NodePackage, NodePackages } from "./foreign.js";
import { assemblyOfPulumi, ofPulumi } from "../own-types.js";
import { PASSPHRASE_FILE, projectFiles, STATE_FILE } from "./files.js";
import { passphraseSecrets } from "../passphrase.js";
import { programOf } from "./program.js";

/** What is ejected. */
export interface EjectParts {
  assembly: Assembly;
  /** Deployed as the assembly says. */
  state: StateFile;
  package: PulumiPackage;
  /** Other Pulumi packages that resources may be of. */
  packages: NodePackages;
  random: Random;
}

/** What an ejected project is made of. */
export interface EjectedProject {
  /** File name -> text. */
  files: { [name: string]: string };
  /** Names of files that only their owner may read. */
  secret: string[];
  /** Hash -> file name: archives to be copied. */
  assets: Map<string, string>;
}

/** Makes the project. Secrets are in it only encrypted, with a passphrase of its own. */
export function ejectProject(parts: EjectParts): EjectedProject {
  const { random, packages } = parts;
  const assembly = assemblyOfPulumi(parts.assembly, parts.state);
  const state = ofPulumi(parts.state);
  const { stack, environment } = assembly;
  const passphrase = Buffer.from(random.bytes(32)).toString("base64url");
  const { salt, encrypt } = passphraseSecrets(passphrase, random);
  const assets = new Map(assetsIn(assembly.resources.map((r) => r.props)).map((sha) => [sha, `assets/${sha}.zip`]));
  const asset = (sha: string): string => `./${assets.get(sha)}`;
  const exported = deploymentOf({
    environment,
    stack,
    state,
    package: parts.package,
    hooks: false,
    layout: flatLayout(environment, stack, parts.package),
    versions: new Map([...packages].map(([name, { version }]) => [name, version])),
    outputs: { outputs: outputsOf(state) },
    seal: (text) => ({ ciphertext: encrypt(text) }),
    assetPath: asset,
  });
  const secrets_providers = { type: "passphrase", state: { salt } };
  return {
    files: {
      ...projectFiles({ stack, environment, package: parts.package, others: usedOf(assembly, packages), salt }),
      "index.ts": programOf({ assembly, state, package: parts.package.name, packages, asset }),
      [STATE_FILE]: `${canonicalJson({ ...exported, deployment: { ...exported.deployment, secrets_providers } }, 2)}\n`,
      [PASSPHRASE_FILE]: `${passphrase}\n`,
    },
    secret: [PASSPHRASE_FILE, STATE_FILE],
    assets,
  };
}

/** The npm packages of the resources. */
function usedOf(assembly: Assembly, packages: NodePackages): NodePackage[] {
  const names = [...new Set(assembly.resources.map((r) => packageOf(r.type)))].sort();
  return names.map((name) => packages.get(name)).filter((found): found is NodePackage => found !== undefined);
}

/** The components' outputs without the secret ones: the program gives those again. */
function outputsOf(state: StateFile): Json {
  const secret = new Set(state.secretOutputs);
  const open = (address: string, values: { [name: string]: Json }) =>
    Object.fromEntries(Object.entries(values).filter(([name]) => !secret.has(`${address}.${name}`)));
  return Object.fromEntries(Object.entries(state.outputs).map(([address, values]) => [address, open(address, values)]));
}
