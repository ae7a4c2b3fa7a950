import { nameOf, problemOf } from "@tether/aws/failure";
import type { Line } from "@tether/aws/invocation";
import type { Problem } from "@tether/protocol/problem";

/** Turns what was thrown into what the end is told, and notes its name: checks fail closed, and say so. */
export function failureOf(line: Line): (error: unknown) => Problem {
  return (error) => {
    const why = problemOf(error);
    Object.assign(line, { error: nameOf(error), outcome: why.problem });
    return why;
  };
}
