import { renew, unseal } from "@tether/core/ticket";
import type { AuthRenew } from "@tether/protocol/frame/auth";
import { isProblem } from "@tether/protocol/problem";
import { refused } from "../outcome.ts";
import type { On } from "./handler.ts";

export const onAuthRenew: On<AuthRenew> = async (env, from, { id, ticket }, line) => {
  const claims = unseal(env, ticket, "renew");
  const renewed = isProblem(claims) ? claims : await renew(env, from, claims);
  line.outcome = isProblem(renewed) ? renewed.problem : "renewed";
  if (isProblem(renewed)) return refused(renewed, id);
  line.authExpiresAt = renewed.authExpiresAt;
  return { answer: { type: "auth.renewed", ...(id !== undefined && { id }), expiresAt: renewed.authExpiresAt } };
};
