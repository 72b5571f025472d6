import { test } from "uvu";
import * as assert from "uvu/assert";
import { installedPulumiPackages } from "../../../framework/operations/pulumi-packages.js";
import { inFolder } from "../../support/cli.js";

const of = (content: object): string => JSON.stringify(content);

test("an npm package is a Pulumi package if it says so, is depended on, and is installed", async () => {
  const files = {
    "package.json": of({
      dependencies: { "@pulumi/random": "^4", left: "^1" },
      devDependencies: { "@acme/pets": "^1", missing: "^1", broken: "^1" },
    }),
    "node_modules/@pulumi/random/package.json": of({ version: "4.1.0", pulumi: { resource: true, name: "random" } }),
    "node_modules/@acme/pets/package.json": of({ version: "1.2.0", pulumi: { resource: true, name: "pets" } }),
    "node_modules/left/package.json": of({ version: "1.0.0" }),
    "node_modules/broken/package.json": "{",
    "node_modules/not-asked-for/package.json": of({ version: "1.0.0", pulumi: { resource: true, name: "other" } }),
  };
  await inFolder(files, async (folder) => {
    assert.equal([...installedPulumiPackages(folder)].sort(), [
      ["pets", { name: "@acme/pets", version: "1.2.0" }],
      ["random", { name: "@pulumi/random", version: "4.1.0" }],
    ]);
  });
  await inFolder({}, async (folder) => assert.is(installedPulumiPackages(folder).size, 0));
});

test.run();
