/** The versions that belong together, in one place. Moving up is a change of these, of the peer dependency and of nothing else. */

/** Of the Pulumi CLI that `panka engine install` installs; the tests run with it. */
export const CLI_VERSION = "3.260.0";

/** Of @pulumi/pulumi: the last one for Node 20. */
export const SDK_VERSION = "3.248.0";
