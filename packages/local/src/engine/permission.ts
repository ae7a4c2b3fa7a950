import { permitted } from "@tether/core/store/table";
import type { Fate } from "./fate.ts";

const allowed: ReadonlySet<string> = new Set(permitted);

const actionOf: Readonly<Record<string, string>> = {
  Get: "GetItem",
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "ConditionCheckItem",
};

/**
 * The answer of IAM to a request, by the list that `infra/` grants. A transaction is permitted by what each of its parts does.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
 */
export function permission(operation: string, body: Record<string, unknown>): Fate {
  const parts = Array.isArray(body.TransactItems) ? (body.TransactItems as object[]).flatMap(Object.keys) : undefined;
  const actions = parts ? parts.map((part) => actionOf[part] ?? part) : [operation];
  const denied = actions.find((action) => !allowed.has(action));
  if (denied === undefined) return "pass";
  const message = `User is not authorized to perform: dynamodb:${denied} because no identity-based policy allows the action`;
  return { status: 400, body: { __type: "com.amazon.coral.service#AccessDeniedException", Message: message } };
}
