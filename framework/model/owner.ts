/** Who owns a stack, a service or a tenant. */
import { plainText } from "./fields.js";

/** Fields of `owner`. */
export const ownerFields = {
  team: plainText("The team.").optional(),
  email: plainText("Its mail address.").optional(),
  slack: plainText("Its Slack channel.").optional(),
};
