/** What an EC2 instance type says about itself. */

/** True for Arm processors: families with a `g` behind their generation (EC2 User Guide, "Instance type naming conventions"). */
export function isArm(instanceType: string): boolean {
  return /^[a-z]+\d+g[a-z]*\./.test(instanceType);
}
