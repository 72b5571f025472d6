#!/usr/bin/env node
/**
 * Stands for the docker program where none is to be used: `version`, `buildx version`, `login --password-stdin` and `buildx build --push`,
 * which pushes a tiny image, made of its own arguments, over the registry's real interface. What it was asked is written, a JSON line a call, to
 * DOUBLE_LOG. DOUBLE_FAULT makes it fail as named: daemon, buildx, login, build, metadata.
 */
import { createHash } from "node:crypto";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";

const { DOUBLE_LOG, DOUBLE_FAULT, DOUBLE_ECR } = process.env;
const args = process.argv.slice(2);
const command = args[0] === "buildx" ? `buildx ${args[1]}` : args[0];
const stdin = command === "login" ? readFileSync(0, "utf8") : "";
if (DOUBLE_LOG) appendFileSync(DOUBLE_LOG, `${JSON.stringify({ command, args, ...(stdin ? { stdin } : {}) })}\n`);

const fail = (text) => {
  process.stderr.write(`${text}\n`);
  process.exit(1);
};
const sha = (text) => `sha256:${createHash("sha256").update(text).digest("hex")}`;
const after = (flag) => args[args.indexOf(flag) + 1];

/** Over Docker's HTTP API v2: a blob, then the manifest under its tag. */
async function pushToRegistry(host, repository, tag, blobs, manifest) {
  const base = `http://${host}/v2/${repository}`;
  for (const blob of blobs) {
    const begun = await fetch(`${base}/blobs/uploads/`, { method: "POST" });
    const place = new URL(begun.headers.get("location"), base);
    place.searchParams.set("digest", sha(blob));
    const stored = await fetch(place, { method: "PUT", body: blob });
    if (stored.status !== 201) fail(`ERROR: failed to push: blob refused with ${stored.status}`);
  }
  const put = await fetch(`${base}/manifests/${tag}`, {
    method: "PUT",
    headers: { "content-type": "application/vnd.oci.image.manifest.v1+json" },
    body: manifest,
  });
  if (put.status !== 201) fail(`ERROR: failed to push: ${await put.text()}`);
}

/** Over ECR's own API, where an emulator has that and no registry. */
async function pushToEcr(repositoryName, imageTag, imageManifest) {
  const put = await fetch(DOUBLE_ECR, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.PutImage",
      authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/ecr/aws4_request, SignedHeaders=host, Signature=0",
    },
    body: JSON.stringify({ repositoryName, imageTag, imageManifest }),
  });
  if (!put.ok) fail(`ERROR: failed to push: ${await put.text()}`);
}

async function build() {
  process.stderr.write("#1 [internal] load build definition from Dockerfile\n");
  process.stderr.write("#5 [1/2] FROM docker.io/library/node:20\n#5 DONE 0.1s\n#6 [2/2] COPY . .\n");
  if (DOUBLE_FAULT === "build") fail("#6 ERROR: process did not complete successfully: exit code: 1");
  const reference = after("--tag");
  const [, host, repository, tag] = /^([^/]+)\/(.+):([^:]+)$/.exec(reference);
  const content = { platform: after("--platform"), dockerfile: readFileSync(after("--file"), "utf8"), context: args[args.length - 1] };
  const config = JSON.stringify({
    architecture: content.platform.split("/")[1],
    os: "linux",
    config: {},
    rootfs: { type: "layers", diff_ids: [] },
  });
  const layer = `what ${tag} is made of`;
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: sha(config), size: config.length },
    layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", digest: sha(layer), size: layer.length }],
    annotations: { dockerfile: content.dockerfile, tag },
  });
  process.stderr.write("#7 pushing layers\n");
  if (DOUBLE_ECR) await pushToEcr(repository, tag, manifest);
  else await pushToRegistry(host, repository, tag, [config, layer], manifest);
  if (DOUBLE_FAULT !== "metadata") writeFileSync(after("--metadata-file"), JSON.stringify({ "containerimage.digest": sha(manifest) }));
}

switch (command) {
  case "version":
    if (DOUBLE_FAULT === "daemon")
      fail("Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?");
    console.log("28.0.0");
    break;
  case "buildx version":
    if (DOUBLE_FAULT === "buildx") fail("docker: 'buildx' is not a docker command.");
    console.log("github.com/docker/buildx v0.20.0");
    break;
  case "login":
    if (DOUBLE_FAULT === "login") fail(`Error response from daemon: denied for ${stdin.trim()}`);
    console.log("Login Succeeded");
    break;
  case "buildx build":
    await build();
    break;
  default:
    fail(`docker: '${command}' is not a docker command.`);
}
