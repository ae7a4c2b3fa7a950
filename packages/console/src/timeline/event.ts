import type { TimelinePage } from "@tether/protocol/http";

/** An entry of the timeline, in words. */
export type Event = TimelinePage["items"][number];

export type Tone = "good" | "note" | "warn" | "bad";

const bad = new Set<Event["type"]>([
  "credential.reused",
  "credential.cloned",
  "credential.revoked",
  "grant.removed",
  "session.contested",
  "session.expired",
  "control.revoked",
  "robot.stopped",
  "robot.latched",
]);

const warn = new Set<Event["type"]>([
  "credential.overdue",
  "session.away",
  "session.expiring",
  "session.lapsed",
  "session.dismissed",
  "control.away",
  "control.expired",
  "control.taken",
  "control.denied",
]);

const good = new Set<Event["type"]>([
  "session.online",
  "session.resumed",
  "control.granted",
  "control.returned",
  "credential.enrolled",
  "robot.resumed",
]);

/** The weight of an entry to a reader who looks for trouble. An end without a sign-off is a warning; leaving is not. */
export function toneOf({ type, cause }: Event): Tone {
  if (type === "session.ended") return cause === "client.left" || cause === "robot.left" ? "note" : "warn";
  if (bad.has(type)) return "bad";
  if (warn.has(type)) return "warn";
  return good.has(type) ? "good" : "note";
}

/** The actor's name, in a word or two. */
export function actorOf({ actor }: Pick<Event, "actor">): string {
  if (actor.type === "user") return actor.name ?? actor.id ?? "A user";
  if (actor.type === "robot") return "The robot";
  return actor.type === "gateway" ? "The gateway" : "Tether";
}
