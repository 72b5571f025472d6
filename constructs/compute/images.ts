/** Images of the containers that stand beside a task's own: all from AWS's public registry, each by its tag, whose digest is read at the next plan. One line to raise a version. */

/** Has a shell, for what little is done beside a program: 2 MB. */
export const HELPER_IMAGE = "public.ecr.aws/docker/library/busybox:1.36";

/**
 * Takes traces, as OpenTelemetry and X-Ray SDKs send them, and hands them on: AWS Distro for OpenTelemetry. Not the X-Ray daemon, which
 * takes no OpenTelemetry.
 */
export const COLLECTOR_IMAGE = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3";

/** Takes log lines and hands them on: AWS for Fluent Bit. */
export const LOG_ROUTER_IMAGE = "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.5";

/** MiB kept for a container of {@link HELPER_IMAGE}. */
export const HELPER_MEMORY = 8;
