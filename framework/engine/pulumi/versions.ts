/** The versions that belong together, in one place. Moving up is a change of these, of the peer dependency and of nothing else. */

/** Of @pulumi/pulumi: the last one for Node 20. */
export const PULUMI_VERSION = "3.248.0";
/** Of the CLI that `panka engine install` installs: the one that the tests have run with. Another one on PATH is used as it is. */
export const PULUMI_CLI_VERSION = "3.260.0";
