import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fine, inFolder, jsonOf, panka } from "../support/cli.js";
import { dockerDouble } from "../support/docker.js";
import { aws, hasAwsCli, hasPlugin, withMoto } from "../support/moto.js";
import { startRegistry } from "../support/registry.js";
import { stackHead } from "../support/stack-text.js";

const CONFIG = "version: 1\nbackend: { type: local }\nenvironments:\n  cloud: { provider: aws }\n";
const stack = (given: string): string => `${stackHead("shop")}---
apiVersion: components.panka.io/v1
kind: CronJob
metadata: { name: report }
spec: { image: { build: { context: ./report } }, schedule: rate(1 day) }
---
apiVersion: components.panka.io/v1
kind: CronJob
metadata: { name: sweep }
spec: { image: "${given}", schedule: rate(1 day) }
`;
const E = ["-e", "cloud"];

test("on the emulator: a saved plan deploys the digest it was made with, the image is built once and found again, runs by its digest, follows its files, moved tags are told and rolled back, and all goes with the stack", async () => {
  await withMoto(async (endpoint, moto) => {
    if (!hasPlugin() || !hasAwsCli()) return console.log("SKIP images on the emulator: the plugin or the AWS CLI is missing");
    const registry = await startRegistry();
    const files = {
      "panka.config.yaml": CONFIG,
      "stack.yaml": stack(`${registry.host}/team/sweep:1`),
      "report/Dockerfile": "FROM node:20\n",
    };
    try {
      await inFolder(files, async (folder) => {
        const first = registry.put("team/sweep", "1", '{"schemaVersion":2}');
        const { env: docker, calls } = dockerDouble(folder, { ecr: endpoint });
        const env = { ...moto, ...docker };
        const ask = (args: string[]) => JSON.parse(aws(endpoint, args));
        const running = (family: string): string =>
          ask(["ecs", "describe-task-definition", "--task-definition", `shop-cloud-app-${family}`]).taskDefinition.containerDefinitions[0]
            .image;

        const refused = await panka(folder, ["deploy", "--yes", ...E], { ...env, DOUBLE_FAULT: "daemon" });
        assert.is(refused.code, 1, refused.stdout + refused.stderr);
        assert.match(refused.stderr + refused.stdout, /the image of app\/report must be built, and Docker does not answer/);
        assert.equal(ask(["ecr", "describe-repositories"]).repositories, [], "nothing was touched");

        fine(await panka(folder, ["plan", "--out", "plan.json", ...E], env));
        registry.put("team/sweep", "1", '{"schemaVersion":2,"moved":true}');
        const created = fine(await panka(folder, ["deploy", "--yes", "--plan", "plan.json"], env));
        registry.put("team/sweep", "1", '{"schemaVersion":2}');
        assert.match(created.stderr, /app\/report: building 1\/2: FROM/);
        const [repository] = ask(["ecr", "describe-repositories"]).repositories;
        assert.is(repository.imageTagMutability, "IMMUTABLE");
        const listed = () => ask(["ecr", "list-images", "--repository-name", repository.repositoryName]).imageIds;
        const [{ imageDigest, imageTag }] = listed();
        assert.match(imageTag, /^app\.report\.[0-9a-f]{40}$/);
        assert.is(running("report"), `${repository.repositoryUri}@${imageDigest}`);
        assert.is(running("sweep"), `${registry.host}/team/sweep@${first}`);
        assert.not.ok(JSON.stringify(calls().map((c) => c.args)).includes(calls("login")[0]?.stdin ?? "no login"));

        assert.match(fine(await panka(folder, ["deploy", "--yes", ...E], env)).stdout, /No changes/);
        fine(await panka(folder, ["deploy", "--yes", "--refresh", ...E], { ...env, DOUBLE_FAULT: "daemon" }));
        assert.is(calls("buildx build").length, 1, "an unchanged context builds nothing");

        writeFileSync(join(folder, "report/main.js"), "2\n");
        const second = registry.put("team/sweep", "1", '{"schemaVersion":2,"new":1}');
        const plan = fine(await panka(folder, ["plan", "--refresh", ...E], env)).stdout.replace(/\s+/g, " ");
        assert.match(plan, /the image app\.report\.\w+ will be built from \.\/report for linux\/amd64/, plan);
        assert.ok(plan.includes(`${registry.host}/team/sweep:1 now points to ${second}; deployed is ${first}`), plan);
        fine(await panka(folder, ["deploy", "--yes", "--refresh", ...E], env));
        assert.is(listed().length, 2);
        assert.is(running("sweep"), `${registry.host}/team/sweep@${second}`);

        fine(await panka(folder, ["rollback", "--yes", ...E], { ...env, DOUBLE_FAULT: "daemon" }));
        assert.is(running("report"), `${repository.repositoryUri}@${imageDigest}`);
        assert.is(running("sweep"), `${registry.host}/team/sweep@${first}`);
        const releases = jsonOf(await panka(folder, ["history", "--json", ...E], env)).result;
        assert.is(releases[1].images[`${registry.host}/team/sweep:1`], second);

        fine(await panka(folder, ["plan", "--destroy", "--out", "gone.json", ...E], env));
        fine(await panka(folder, ["destroy", "--yes", "--plan", "gone.json"], env));
        assert.equal(ask(["ecr", "describe-repositories"]).repositories, []);
      });
    } finally {
      await registry.stop();
    }
  });
});

test.run();
