/**
 * `configs`: files of the project in a task's containers. Fargate has no such thing, so they travel in the task definition: a first
 * container, which ends before the others start, writes them from its environment into a volume that the others read.
 */
import type { AssetRequest, ExpandContext, Value } from "../../framework/model/index.js";
import type { Condition, MountPoint } from "./container.js";
import { imageReference } from "./image.js";
import { HELPER_IMAGE, HELPER_MEMORY } from "./images.js";

/** `configs` as written. */
export interface ConfigsSpec {
  mountPath: string;
  files: string[];
}

/** Props with files, of the main container and of those beside it. */
export interface FileProps {
  configs?: ConfigsSpec | undefined;
  sidecars?: { [name: string]: { configs?: ConfigsSpec | undefined } } | undefined;
}

/** Name of the container that writes the files, and what its volumes' names begin with. */
export const WRITER = "panka-configs";
/** What a container with files waits for. */
export const WRITTEN: Condition = Object.freeze({ containerName: WRITER, condition: "SUCCESS" });
/** The folder beside the document in which the files are. */
const FOLDER = "configs";
/** Bytes of all files as JSON writes them. A task definition holds 64 KiB (Amazon ECS service quotas); the rest is for all else. */
const LIMIT = 40 * 1024;

/** One container's files and where they stand in the props. */
interface Place {
  container: string;
  path: string;
  spec: ConfigsSpec;
}

function places(main: string, props: FileProps): Place[] {
  const own = props.configs ? [{ container: main, path: "configs", spec: props.configs }] : [];
  const others = Object.entries(props.sidecars ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...own,
    ...others.flatMap(([name, { configs }]) => (configs ? [{ container: name, path: `sidecars.${name}.configs`, spec: configs }] : [])),
  ];
}

/** The files that a task's containers see; their keys are where they stand. */
export function taskFiles(props: FileProps): AssetRequest[] {
  return places("", props).flatMap(({ path, spec }) =>
    spec.files.map((file, i): AssetRequest => ({ key: `${path}.files[${i}]`, path: `${FOLDER}/${file}`, how: "text" })),
  );
}

/** What the files of a task come to. */
export interface MadeFiles {
  /** Volumes of the task definition. */
  volumes: { name: string }[];
  /** By container. */
  mounts: ReadonlyMap<string, MountPoint>;
  /** The container that writes them; undefined without files. */
  writer: { [key: string]: Value } | undefined;
}

/** Puts the files into one container's environment. Reports what is too large or named twice. */
export function configFiles(ctx: ExpandContext, props: FileProps, logConfiguration: Value): MadeFiles {
  const volumes: { name: string }[] = [];
  const mounts = new Map<string, MountPoint>();
  const writes: { target: string; text: string }[] = [];
  const inWriter: MountPoint[] = [];
  for (const { container, path, spec } of places(ctx.component, props)) {
    const sourceVolume = `${WRITER}-${container}`;
    volumes.push({ name: sourceVolume });
    inWriter.push({ sourceVolume, containerPath: `/${container}` });
    mounts.set(container, { sourceVolume, containerPath: spec.mountPath, readOnly: true });
    for (const [i, file] of spec.files.entries()) {
      if (spec.files.indexOf(file) < i) ctx.error("duplicate-file", `the file "${file}" is named twice`, `${path}.files[${i}]`);
      writes.push({ target: `/${container}/${file}`, text: ctx.text(`${path}.files[${i}]`) });
    }
  }
  if (writes.length === 0) return { volumes, mounts, writer: undefined };
  checkSize(ctx, places(ctx.component, props)[0]?.path ?? "", writes);
  return { volumes, mounts, writer: writer(writes, inWriter, logConfiguration) };
}

function checkSize(ctx: ExpandContext, path: string, writes: readonly { text: string }[]): void {
  const size = writes.reduce((sum, { text }) => sum + new TextEncoder().encode(JSON.stringify(text)).length, 0);
  if (size <= LIMIT) return;
  ctx.error("configs-too-large", `the files take ${size} bytes of the task definition`, `${path}.files`, {
    expected: `at most ${LIMIT}`,
    next: "put large files into the image, an EFS component or an S3 bucket",
  });
}

/** Writes $FILE_0, $FILE_1 ... to the paths in its arguments. A variable's name is all that is evaluated. */
const SCRIPT = 'set -e; i=0; for f; do mkdir -p "${f%/*}"; eval "printf %s \\"\\$FILE_$i\\"" > "$f"; i=$((i+1)); done';

function writer(writes: readonly { target: string; text: string }[], mounts: readonly MountPoint[], logConfiguration: Value) {
  return {
    name: WRITER,
    image: imageReference(HELPER_IMAGE),
    essential: false,
    memoryReservation: HELPER_MEMORY,
    command: ["sh", "-c", SCRIPT, "sh", ...writes.map((w) => w.target)],
    environment: writes.map(({ text }, i) => ({ name: `FILE_${i}`, value: text })),
    mountPoints: mounts.map((m) => ({ ...m })),
    logConfiguration,
  };
}
