import type { Trouble } from "../exit.ts";

/** Carries the trouble of a request through the library, which knows errors only. */
export class Unanswered extends Error {
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(trouble.says);
    this.trouble = trouble;
  }
}

/** The trouble that an error of the library came from. */
export function unansweredIn(error: unknown): Trouble | undefined {
  if (error instanceof Unanswered) return error.trouble;
  return error instanceof Error ? unansweredIn(error.cause) : undefined;
}
