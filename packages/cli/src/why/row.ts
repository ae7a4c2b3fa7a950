import { printable } from "@tether/program/printable";
import type { Role } from "@tether/protocol/role";
import { evidenceRows } from "@tether/sdk/timeline/evidence";
import { flapRemedy, flapWords, isFlap, type Row } from "@tether/sdk/timeline/flap";
import { duration, localTime } from "../local-time.ts";
import type { Entry } from "./outage.ts";

/** The person who asks: the user's id, and the role on the robot. */
export type Asker = { readonly id: string; readonly role: Role };

/** The service's remedies send people to an owner; these are for an owner. */
const forOwners: Readonly<Record<string, string>> = {
  "credential.revoked": "Make a new code with: tether robot code ROBOT",
  "grant.removed": "Give access again with: tether access assign ROBOT WHO ROLE",
  "robot.deleted": "Create it again with: tether robot create NAME",
};

const indent = " ".repeat("2026-06-01 12:00:00  ".length);

/** A row of the timeline in words for the person who asks, with evidence and remedy in lines of their own. */
export function rowOf(row: Row, asker: Asker): string {
  if (isFlap(row)) return [`${localTime(row.until)}  ${printable(flapWords(row, { duration }))}`, `${indent}→ ${flapRemedy}`].join("\n");
  const { at, cause, evidence } = row;
  // Without a cause, the sentence has the facts already, except for what somebody gave as the reason.
  const facts = cause !== undefined ? evidence : evidence?.reason === undefined ? undefined : { reason: evidence.reason };
  const words = evidenceRows(facts, { duration, instant: localTime }).map(({ name, value }) => `${name}: ${value}`);
  const remedy = remedyFor(row, asker);
  return [
    `${localTime(at)}  ${printable(saysTo(row, asker))}`,
    ...(words.length === 0 ? [] : [`${indent}${printable(words.join("; "))}`]),
    ...(remedy === undefined ? [] : [`${indent}→ ${printable(remedy)}`]),
  ].join("\n");
}

export function remedyFor({ cause, remedy }: Pick<Entry, "cause" | "remedy">, { role }: Asker): string | undefined {
  return (cause !== undefined && role === "owner" ? forOwners[cause] : undefined) ?? remedy;
}

/** A user's own name is marked, because an operator looks for what they themselves did. */
function saysTo({ says, user, actor }: Entry, { id }: Asker): string {
  const name = [user, actor].find((person) => person?.id === id)?.name;
  return name !== undefined && says.startsWith(`${name} `) ? `${name} (you)${says.slice(name.length)}` : says;
}
