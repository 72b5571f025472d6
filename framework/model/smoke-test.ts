/** What must hold after a deployment before it counts as good, as the assembly says it; absent where nothing is said. */
import type { Value } from "./values.js";

/** How often a test that fails is tried again, by default. */
export const SMOKE_RETRIES = 5;
/** How long between two tries, by default, s. */
export const SMOKE_INTERVAL_SECONDS = 10;
/** How long a request may take by default, s. */
export const SMOKE_TIMEOUT_SECONDS = 10;

/** A request, and the answer that it must get. */
export interface HttpTest {
  /** Absolute, once resolved. */
  url: Value;
  /** Below the URL, where that is a component's: begins with a slash. */
  path?: string;
  method: string;
  /** The status that it must answer with. Redirects are answers: they are not followed. */
  status: number;
  /** Text that the body must hold. */
  bodyContains?: string;
  /** Sent along; never printed. */
  headers?: { [name: string]: string };
  /** For the whole answer, s. */
  timeoutSeconds: number;
}

/** Where a one-off task of a component runs: as its own tasks do, with another command. */
export interface TaskPlace {
  cluster: Value;
  /** ARN of the task definition, revision included. */
  taskDefinition: Value;
  /** The container that gets the command. */
  container: string;
  /** `launchType` or `capacityProviderStrategy` of RunTask, as the ECS API spells them. */
  launch: { [key: string]: Value };
  subnets: Value;
  securityGroups: Value[];
  assignPublicIp: boolean;
  /** Name of its log group. */
  logGroup: Value;
}

/** A command that must end with 0, in a task of its own. */
export interface TaskTest extends TaskPlace {
  command: string[];
}

/** One test after a deployment: `http` or `task`. */
export interface SmokeTest {
  name: string;
  retries: number;
  intervalSeconds: number;
  http?: HttpTest;
  task?: TaskTest;
}

/** The tests of a component (`service/component`), of a service (its name) or of the stack (`""`), as written. */
export interface CheckGroup {
  component: string;
  tests: SmokeTest[];
}
