/** Benchmarks against the emulator through the official provider, beside terraform where it is on PATH. */
import { rmSync } from "node:fs";
import { hasMoto, hasPlugin, type Moto, onFresh } from "../support/moto.js";
import { type Figure, onPath, type runProcess, show } from "./measure.js";
import { panka, project } from "./processes.js";
import { terraformApply } from "./terraform.js";

const COUNT = 900;

/** Creating 900 SNS topics on one emulator, both sides with local state; the emulator is fresh for each. */
export async function cloud(): Promise<Figure[]> {
  if (!hasMoto() || !hasPlugin())
    return [{ what: `create ${COUNT} SNS topics`, value: "skipped: no moto_server or no plugin", target: "<= 0.5 x terraform", peer: "" }];
  const one = await onFresh((moto) => deploy(moto, 1));
  const ours = await onFresh((moto) => deploy(moto, COUNT));
  const peer = onPath("terraform") ? await onFresh((moto) => terraformApply(COUNT, moto)) : undefined;
  const peerOne = onPath("terraform") ? await onFresh((moto) => terraformApply(1, moto)) : undefined;
  const ratio = peer ? ` (${(ours.seconds / peer.seconds).toFixed(2)} x)` : "";
  return [
    {
      what: "create 1 SNS topic, whole command",
      value: show(one),
      target: "first cloud call <= 0.6 s",
      peer: peerOne ? `terraform apply: ${show(peerOne)}` : "no terraform",
    },
    {
      what: `create ${COUNT} SNS topics`,
      value: show(ours) + ratio,
      target: "<= 0.5 x terraform",
      peer: peer ? `terraform apply: ${show(peer)}` : "no terraform",
    },
  ];
}

function deploy(moto: Moto, count: number): ReturnType<typeof runProcess> {
  const folder = project(count);
  try {
    return panka(folder, ["deploy", "--yes", "-e", "cloud"], { ...moto.env, PANKA_PLUGIN_DIR: process.env.PANKA_PLUGIN_DIR ?? "" });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
