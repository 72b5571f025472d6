/** What `panka init` can start a project from. */

/** Templates, with what each holds. */
export const TEMPLATES: { [name: string]: string } = {
  quickstart: "a web service, a queue and a table",
  "web-service": "a web service with a PostgreSQL database and a bucket",
  worker: "a worker that takes jobs from a queue",
  "scheduled-job": "a job that runs every night",
  "event-function": "a function called by files, messages and the clock",
  "static-site": "a static website with an API",
  platform: "a platform of three services",
};

/** Languages of templates. */
export const LANGUAGES = ["yaml", "typescript"];
