/** The version that belongs together, in one place. Moving up is a change of this, of the peer dependency and of nothing else. */

/** Of @pulumi/pulumi (the last one for Node 20) and of the CLI that `panka engine install` installs. */
export const PULUMI_VERSION = "3.248.0";
