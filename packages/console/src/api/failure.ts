import { type ProblemCode, ProblemDetails, problems } from "@tether/protocol/problem";
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

/** The service's own words. An answer in another form comes from something in between. */
export function failureFrom(status: number, body: unknown): Failure {
  const details = ProblemDetails.safeParse(body);
  if (details.success) return { code: details.data.code, says: details.data.title, remedy: details.data.detail };
  return status >= 500 ? unreachable : reason("answer.invalid");
}

function words(code: ProblemCode) {
  const { says, remedy } = problems[code];
  return { says, remedy };
}
