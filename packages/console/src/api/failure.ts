import { type ProblemCode, problems } from "@tether/protocol/problem";
import { type Reason, reason } from "@tether/sdk/reason";

/** A failed request in words: the fact, and the first thing to do. */
export type Failure = Pick<Reason, "code" | "says" | "remedy">;

export type Result<Value> = { readonly value: Value } | { readonly failure: Failure };

/** The service was not heard at all; the console asks again by itself where it asks regularly. */
export const unreachable: Failure = {
  ...reason("network.failed"),
  remedy: "Look at the network. What is shown was true a moment ago; this page goes on trying.",
};

export function failureOf(code: ProblemCode): Failure {
  return { code, ...words(code) };
}

function words(code: ProblemCode) {
  const { says, remedy } = problems[code];
  return { says, remedy };
}
