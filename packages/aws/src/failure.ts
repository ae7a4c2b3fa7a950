import { type Problem, problem } from "@tether/protocol/problem";

/**
 * The problem that a caller is told when something threw. What the store or the network threw passes; the rest is a defect,
 * a request that the store calls invalid included. Never an allowance, and never the error's own words: they may hold input.
 */
export function problemOf(error: unknown): Problem {
  return problem(isFromStore(error) && nameOf(error) !== "ValidationException" ? "unavailable" : "internal");
}

/** An error's name, of the innermost where one wraps another: good for a log. */
export function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return error.cause instanceof Error ? nameOf(error.cause) : error.name;
}

function isFromStore(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // Errors of the AWS SDK carry `$metadata`, those of the network a `code`; ElectroDB wraps both.
  return "$metadata" in error || "code" in error || isFromStore(error.cause);
}
