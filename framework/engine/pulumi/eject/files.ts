/** The files around an ejected program. */
import { PULUMI_VERSION } from "../versions.js";

/** What they are made of. */
export interface ProjectParts {
  stack: string;
  environment: string;
  /** Pulumi's package of the provider, its version, and its configuration. */
  package: { name: string; version: string; inputs: { [key: string]: string } };
  /** npm packages of resources of other Pulumi packages. */
  others: readonly { name: string; version: string }[];
  /** `encryptionsalt` of the stack. */
  salt: string;
}

/** The file that holds the passphrase of the exported state; kept out of git. */
export const PASSPHRASE_FILE = "passphrase.key";
/** The exported state. */
export const STATE_FILE = "state.json";

/** File name -> text. */
export function projectFiles(parts: ProjectParts): { [name: string]: string } {
  const { stack, environment, package: of } = parts;
  const others = parts.others.map(({ name, version }) => [name, version]);
  const packages = { [`@pulumi/${of.name}`]: of.version, "@pulumi/pulumi": PULUMI_VERSION, ...Object.fromEntries(others) };
  return {
    "Pulumi.yaml": `name: ${stack}\nruntime:\n  name: nodejs\n  options:\n    typescript: true\ndescription: ${stack}, made from its deployed state\n`,
    [`Pulumi.${environment}.yaml`]: [
      "secretsprovider: passphrase",
      `encryptionsalt: ${parts.salt}`,
      "config:",
      ...Object.entries(of.inputs).map(([key, value]) => `  ${of.name}:${key}: ${JSON.stringify(value)}`),
      "",
    ].join("\n"),
    "package.json": json({
      name: stack,
      private: true,
      main: "index.ts",
      dependencies: packages,
      devDependencies: { "@types/node": "^20", typescript: "^5" },
    }),
    "tsconfig.json": json({
      compilerOptions: { target: "es2020", module: "commonjs", moduleResolution: "node", strict: true, skipLibCheck: true, noEmit: true },
      files: ["index.ts"],
    }),
    ".gitignore": `node_modules/\n${PASSPHRASE_FILE}\n`,
    "README.md": readme(parts),
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function readme({ stack, environment }: ProjectParts): string {
  return `# ${stack}

A Pulumi project of what is deployed in ${environment}. Nothing in it needs another tool.

    npm install
    pulumi login                      # where Pulumi keeps its states: its cloud, s3://BUCKET, file://FOLDER
    export PULUMI_CONFIG_PASSPHRASE_FILE=$PWD/${PASSPHRASE_FILE}
    pulumi stack init ${environment} --secrets-provider passphrase
    pulumi stack import --file ${STATE_FILE}
    pulumi preview --expect-no-changes

- \`${STATE_FILE}\` is the state, its secrets encrypted with the passphrase in \`${PASSPHRASE_FILE}\`. Keep that file out of git; another
  secrets provider: \`pulumi stack change-secrets-provider\`.
- Values that were looked up (zones, images, account) are written as they were found. Secret ones are read again by the program.
- Names, and the tags that begin with \`panka:\`, are part of what stands; removing a tag is a change like any other.
- Only one tool may deploy a stack. Once this project deploys it, the one before must not.
`;
}
