import type { AuthorizerResult, Statement } from "./event.ts";

function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}

function covers(statement: Statement, methodArn: string): boolean {
  const action = [statement.Action].flat().some((pattern) => matches(pattern.toLowerCase(), "execute-api:invoke"));
  return action && [statement.Resource].flat().some((pattern) => matches(pattern, methodArn));
}

/** IAM's rule: a Deny wins, without an Allow the answer is no. */
export function allows(policy: AuthorizerResult["policyDocument"], methodArn: string): boolean {
  const effects = policy.Statement.filter((statement) => covers(statement, methodArn)).map((statement) => statement.Effect);
  return effects.includes("Allow") && !effects.includes("Deny");
}
