import type { Failure } from "@tether/sdk/api";
import type { Trouble } from "../exit.ts";
import { invalidAnswer } from "./ask.ts";

/** Remedies that name a command, for problems whose general remedy is written for programs. */
const remedies: Readonly<Record<string, string>> = {
  "auth.missing": "Run: tether sign-in",
  "auth.invalid": "Run: tether sign-in",
  "auth.expired": "Run: tether sign-in",
  "robot.unknown": "See tether robot list, or ask an owner for access.",
  "session.unknown": "See tether session list ROBOT.",
  "grant.unknown": "See tether access list ROBOT.",
  "credential.unknown": "See tether key list ROBOT.",
  "credential.last": "Enroll or rotate to another key first, or lock the robot out with --force.",
};

/** A failure of the service's, with a remedy for a terminal. */
export function troubleOf(api: string, { code, says, remedy, status, problem, afterMs }: Failure): Trouble {
  if (status === undefined) return { exit: "failed", code, says, remedy };
  if (!problem) return invalidAnswer(api);
  const { fields = [] } = problem;
  const wait = status === 429 && afterMs > 0 ? `Wait ${afterMs / 1_000} s, and try again.` : undefined;
  return {
    exit: exitOf(status),
    code,
    says: fields.length === 0 ? says : `${says} (${fields.join(", ")})`,
    remedy: remedies[code] ?? wait ?? remedy,
  };
}

function exitOf(status: number): Trouble["exit"] {
  if (status === 401) return "unsigned";
  return status === 429 || status >= 500 ? "failed" : "refused";
}
