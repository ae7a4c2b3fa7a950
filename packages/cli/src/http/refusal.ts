import { ProblemDetails } from "@tether/protocol/problem";
import type { Trouble } from "../exit.ts";
import { type Answer, invalidAnswer } from "./ask.ts";

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

/** Reads the service's refusal: its problem, with a remedy for a terminal. */
export function refusalOf(url: string, { status, json, retryAfter }: Answer): Trouble {
  const parsed = ProblemDetails.safeParse(json);
  if (!parsed.success) return invalidAnswer(url);
  const { code, title, detail, fields } = parsed.data;
  const says = fields === undefined || fields.length === 0 ? title : `${title} (${fields.join(", ")})`;
  const wait = status === 429 && retryAfter !== undefined ? `Wait ${retryAfter} s, and try again.` : undefined;
  return { exit: exitOf(status), code, says, remedy: remedies[code] ?? wait ?? detail };
}

function exitOf(status: number): Trouble["exit"] {
  if (status === 401) return "unsigned";
  return status === 429 || status >= 500 ? "failed" : "refused";
}
