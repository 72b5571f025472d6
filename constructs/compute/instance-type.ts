/** What an EC2 instance type says about itself, and how large the usual ones are. */

/** True for Arm processors: families with a `g` behind their generation (EC2 User Guide, "Instance type naming conventions"). */
export function isArm(instanceType: string): boolean {
  return /^[a-z]+\d+g[a-z]*\./.test(instanceType);
}

/** What an instance has. */
export interface InstanceSize {
  /** ECS units, 1024 a vCPU. */
  cpu: number;
  /** MiB. */
  memory: number;
  /** Network interfaces, its own among them. */
  interfaces: number;
}

type Row = readonly [vcpus: number, gib: number, interfaces: number];

/** Burstable families, per size. */
const BURSTABLE: { [size: string]: Row } = {
  nano: [2, 0.5, 2],
  micro: [2, 1, 2],
  small: [2, 2, 3],
  medium: [2, 4, 3],
  large: [2, 8, 3],
  xlarge: [4, 16, 4],
  "2xlarge": [8, 32, 4],
};

/** GiB a vCPU of the other families, by their first letter. */
const PER_VCPU: { [letter: string]: number } = { c: 2, m: 4, r: 8 };

/** vCPUs and network interfaces of the other families. */
const SIZES: { [size: string]: readonly [vcpus: number, interfaces: number] } = {
  large: [2, 3],
  xlarge: [4, 4],
  "2xlarge": [8, 4],
  "4xlarge": [16, 8],
};

/** Family and size of a type that is known here. */
const KNOWN = /^(t3|t4g|([cmr])(?:5|6[iag]|7[iag]|8g))\.([0-9a-z]+)$/;

/**
 * The size of a type, or undefined for one that is not known here: t3 and t4g whole, generations 5 to 8 of c, m and r up to 4xlarge.
 * Source: Amazon EC2 Instance Types Guide, "Specifications for Amazon EC2 ... instances" (vCPUs, memory, network interfaces), 2026.
 */
export function instanceSize(type: string): InstanceSize | undefined {
  const [, family = "", letter, size = ""] = KNOWN.exec(type) ?? [];
  const row = letter === undefined ? BURSTABLE[size] : other(letter, size);
  return family === "" || !row ? undefined : { cpu: row[0] * 1024, memory: row[1] * 1024, interfaces: row[2] };
}

function other(letter: string, size: string): Row | undefined {
  const row = SIZES[size];
  return row && [row[0], row[0] * (PER_VCPU[letter] ?? 0), row[1]];
}

/** Families that Spot may take instead of another: generations 5 and 6, which are in nearly every region. */
const COMMON_FAMILIES = ["c5", "c6g", "c6i", "m5", "m6g", "m6i", "r5", "r6g", "r6i"];

/**
 * Types of exactly this one's vCPUs and memory, its processor, no fewer network interfaces, and no vCPUs that are throttled; sorted,
 * without itself. None for a type whose size is not known here.
 */
export function sameSize(type: string): string[] {
  const wanted = instanceSize(type);
  if (!wanted) return [];
  const types = COMMON_FAMILIES.flatMap((family) => Object.keys(SIZES).map((size) => `${family}.${size}`));
  return types.filter((other) => {
    const has = instanceSize(other);
    const equal = has?.cpu === wanted.cpu && has.memory === wanted.memory && has.interfaces >= wanted.interfaces;
    return equal && isArm(other) === isArm(type) && other !== type;
  });
}

/** Known types of the same family, smallest first. */
export function sameFamily(type: string): string[] {
  const family = type.slice(0, type.indexOf("."));
  return Object.keys({ ...BURSTABLE, ...SIZES })
    .map((size) => `${family}.${size}`)
    .filter((t) => instanceSize(t) !== undefined)
    .sort((a, b) => (instanceSize(a)?.memory ?? 0) - (instanceSize(b)?.memory ?? 0));
}
