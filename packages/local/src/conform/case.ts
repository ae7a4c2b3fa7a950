import type { Trial } from "./trial.ts";

/** How far a robot is judged: that it connects, that it can be driven, that it is safe. */
export const levels = ["connects", "drives", "safe"] as const;
export type Level = (typeof levels)[number];

/**
 * `skip` says why a case does not apply to a robot, or a client; `unjudged` why it may well apply, and cannot be judged in this run. Cases
 * run in their order, on one program.
 */
export type Case<On = Trial> = {
  readonly clauses: readonly string[];
  readonly says: string;
  readonly run: (trial: On) => Promise<undefined | { readonly skip: string } | { readonly unjudged: string }>;
};
