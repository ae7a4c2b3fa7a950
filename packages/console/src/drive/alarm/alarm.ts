import { type Facts, isLost } from "../facts.ts";
import { actorName } from "../people.ts";
import { pressOf } from "../press.ts";

/** An alarm is for a person who looks elsewhere. */
export type Alarm = { readonly type: "request" | "stop" | "lost"; readonly says: string };

/** The alarms between two states, the most urgent first. A STOP pressed on this page is none, since its presser knows. */
export function alarmsBetween(before: Facts, after: Facts, name: string): Alarm[] {
  const alarms: Alarm[] = [];
  const isOwnStop = after.stop !== undefined && after.stop !== before.stop;
  if (after.inForce && after.inForce.number !== before.inForce?.number && !isOwnStop && !isOrdering(after)) {
    const press = pressOf(after);
    // A robot that cannot read its folder starts stopped, and nobody stopped it.
    alarms.push({ type: "stop", says: press ? `${actorName(press.by)} stopped ${name}.` : `A stop is in force at ${name}.` });
  }
  if (isLost(after) && !isLost(before)) alarms.push({ type: "lost", says: `${name} does not answer any more.` });
  for (const { from, user } of after.requests) {
    if (before.requests.some((request) => request.from === from)) continue;
    alarms.push({ type: "request", says: `${user.name ?? user.id} asks for control of ${name}.` });
  }
  return alarms;
}

/** A stop from here is on its way, or was confirmed by the same word that brought it in force. */
function isOrdering({ stop }: Facts): boolean {
  return stop?.state === "sent" || stop?.state === "stood";
}

/** The mark before a tab's title while somebody should come and look. */
export function titleOf({ requests, inForce, ...facts }: Facts): string | undefined {
  const [request] = requests;
  if (request) return `${request.user.name ?? request.user.id} asks for control`;
  if (isLost({ requests, inForce, ...facts })) return "No answer";
  return inForce ? "STOP" : undefined;
}
