/**
 * CPU and memory as people write them, and the pairs that Fargate sells.
 * Source of the table: "Fargate task CPU and memory", Amazon ECS Developer Guide (task definition parameters for Fargate), 2026.
 */

/** CPU in ECS units (1024 = one vCPU) and memory in MiB. */
export interface FargateSize {
  cpu: number;
  memory: number;
}

/** Size of a task that says nothing: 0.25 vCPU, 512 MiB. */
export const DEFAULT_SIZE: Readonly<FargateSize> = Object.freeze({ cpu: 256, memory: 512 });

const GIB = 1024;

/** Memory steps (MiB) that go with each number of CPU units. */
export const FARGATE_MEMORY: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, GIB, 2 * GIB]],
  [512, steps(1, 4, 1)],
  [1024, steps(2, 8, 1)],
  [2048, steps(4, 16, 1)],
  [4096, steps(8, 30, 1)],
  [8192, steps(16, 60, 4)],
  [16384, steps(32, 120, 8)],
]);

/** Millicores this close to a step, relatively, take the step: 256m means 0.25 vCPU. */
const NEAR = 0.05;

/** Parses CPU to ECS units: `256`, `"256"` (units), `"250m"` (millicores), `"0.25 vCPU"`. Undefined for anything else or for zero. */
export function parseCpu(value: number | string): number | undefined {
  if (typeof value === "number") return positive(value);
  const match = /^\s*(\d+(?:\.\d+)?)\s*(m|vcpu)?\s*$/i.exec(value);
  if (!match) return undefined;
  const amount = Number(match[1]);
  const unit = match[2]?.toLowerCase();
  if (unit === undefined) return positive(amount);
  if (unit === "vcpu") return positive(amount * 1024);
  const units = (amount * 1024) / 1000;
  const step = [...FARGATE_MEMORY.keys()].find((s) => Math.abs(units - s) <= s * NEAR);
  return positive(step ?? units);
}

/** Parses memory to MiB: `512`, `"512"` (MiB), `"512Mi"`, `"512 MB"`, `"1Gi"`, `"0.5 GB"`. Undefined for anything else or for zero. */
export function parseMemory(value: number | string): number | undefined {
  if (typeof value === "number") return positive(value);
  const match = /^\s*(\d+(?:\.\d+)?)\s*(mi|mib|mb|m|gi|gib|gb|g)?\s*$/i.exec(value);
  if (!match) return undefined;
  const scale = match[2]?.toLowerCase().startsWith("g") ? GIB : 1;
  return positive(Number(match[1]) * scale);
}

/** The smallest pair that has at least this much of both, or undefined if Fargate sells none so large. */
export function roundToFargate(wanted: FargateSize): FargateSize | undefined {
  for (const [cpu, memories] of FARGATE_MEMORY) {
    if (cpu < wanted.cpu) continue;
    const memory = memories.find((m) => m >= wanted.memory);
    if (memory !== undefined) return { cpu, memory };
  }
  return undefined;
}

/** A size in words: `0.25 vCPU and 512 MiB`. */
export function sizeInWords(size: FargateSize): string {
  return `${Math.round((size.cpu / 1024) * 100) / 100} vCPU and ${Math.round(size.memory)} MiB`;
}

function positive(value: number): number | undefined {
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

function steps(fromGiB: number, toGiB: number, stepGiB: number): number[] {
  const out: number[] = [];
  for (let g = fromGiB; g <= toGiB; g += stepGiB) out.push(g * GIB);
  return out;
}
