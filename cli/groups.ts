/** What commands are for, in the order of the help page: a command names one as its usage's category. */
export const GROUP = {
  write: "Write a stack",
  deploy: "Deploy it",
  look: "See what is there",
  state: "State and locks",
  account: "Accounts and teams",
  engine: "Engines",
} as const;

/** Options about the stack, which most commands have; one of the same name that means another thing says so by another description. */
export const ABOUT_STACK = {
  "--stack": "NAME: the stack: folder stacks/NAME, or its name",
  "--environment": "NAME: the environment (default: PANKA_ENVIRONMENT, the configuration, development)",
  "--var": "K=V: a variable's value; over all others",
  "--region": "REGION: of a stack in several regions, only this one",
} as const;
