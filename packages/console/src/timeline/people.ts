import type { Event } from "./event.ts";

/** The user of each client's session, as far as an entry names its user, or was its own user's doing. */
export function peopleIn(events: readonly Event[]): ReadonlyMap<string, { id: string; name: string }> {
  const people = new Map<string, { id: string; name: string }>();
  for (const { session, actor, type, user } of events) {
    if (session !== undefined && user !== undefined) people.set(session, { id: user.id, name: user.name ?? user.id });
    const isOwn = type === "session.opening" || type === "session.online" || type === "session.resumed" || type === "session.renewed";
    if (session !== undefined && isOwn && actor.type === "user" && actor.id !== undefined)
      people.set(session, { id: actor.id, name: actor.name ?? actor.id });
  }
  return people;
}
