/** What commands are for, in the order of the help page: a command names one as its usage's category. */
export const GROUP = {
  write: "Write a stack",
  deploy: "Deploy it",
  look: "See what is there",
  state: "State and locks",
  account: "Accounts and teams",
  engine: "Engines",
} as const;
