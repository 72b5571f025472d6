/** Who takes a lock, for people and for takeover: user, host, process, CI run, commit. */
import { processFacts } from "../lock/process-facts.js";
import type { LockMetadata } from "../model/locker.js";
import type { Env, OperationContext } from "./context.js";
import { gitFacts } from "./git.js";

/** Facts of a CI run, by the variables that each system sets. */
function ciFacts(env: Env): Pick<LockMetadata, "ciSystem" | "ciRunId" | "ciUrl"> {
  if (env.GITHUB_ACTIONS) {
    const url = env.GITHUB_SERVER_URL && env.GITHUB_REPOSITORY && env.GITHUB_RUN_ID;
    return {
      ciSystem: "github",
      ...(env.GITHUB_RUN_ID ? { ciRunId: env.GITHUB_RUN_ID } : {}),
      ...(url ? { ciUrl: `${env.GITHUB_SERVER_URL}/${env.GITHUB_REPOSITORY}/actions/runs/${env.GITHUB_RUN_ID}` } : {}),
    };
  }
  if (env.GITLAB_CI) return named("gitlab", env.CI_JOB_ID, env.CI_JOB_URL);
  if (env.CIRCLECI) return named("circleci", env.CIRCLE_WORKFLOW_ID, env.CIRCLE_BUILD_URL);
  if (env.BUILDKITE) return named("buildkite", env.BUILDKITE_BUILD_ID, env.BUILDKITE_BUILD_URL);
  if (env.JENKINS_URL) return named("jenkins", env.BUILD_ID, env.BUILD_URL);
  return env.CI ? { ciSystem: "unknown" } : {};
}

function named(ciSystem: string, id: string | undefined, url: string | undefined): Pick<LockMetadata, "ciSystem" | "ciRunId" | "ciUrl"> {
  return { ciSystem, ...(id ? { ciRunId: id } : {}), ...(url ? { ciUrl: url } : {}) };
}

/** The metadata of this run. */
export function lockMetadata(context: OperationContext, operation: string): LockMetadata {
  const git = gitFacts(context.settings.projectRoot);
  return {
    ...context.process,
    ...processFacts(context.process.pid, context.reads),
    ...ciFacts(context.env),
    ...(git.commit ? { gitCommit: git.commit } : {}),
    ...(git.branch ? { gitBranch: git.branch } : {}),
    deploymentId: context.random.uuid(),
    operation,
  };
}
