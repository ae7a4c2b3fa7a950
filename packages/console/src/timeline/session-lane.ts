import type { Event } from "./event.ts";
import type { Known, Lane, Span, SpanState } from "./span.ts";

type State = Extract<SpanState, "opening" | "online" | "away" | "expired"> | "gone";

/** The session's state after an entry; entries that say nothing of it leave it as it is. */
const after: Partial<Record<Event["type"], State>> = {
  "session.opening": "opening",
  "session.online": "online",
  "session.resumed": "online",
  "session.superseded": "online",
  "session.renewed": "online",
  "session.expired": "expired",
  "session.away": "away",
  "session.ended": "gone",
};

/** The session's state before its first known entry, as that implies. */
const before: Partial<Record<Event["type"], State>> = {
  "session.resumed": "away",
  "session.superseded": "online",
  "session.renewed": "online",
  "session.expiring": "online",
  "session.expired": "online",
  "session.away": "online",
  "session.ended": "away",
};

const labels: Readonly<Record<Exclude<State, "gone">, string>> = {
  opening: "Connecting",
  online: "Online",
  away: "Away",
  expired: "Lease over",
};

/** The connections of one or several sessions, one after the other. `events` are theirs, oldest first. */
export function sessionLane(lane: Pick<Lane, "id" | "label">, events: readonly Event[], { since, now }: Known): Lane {
  const sessions = Map.groupBy(events, ({ session }) => session);
  const spans = [...sessions.values()].flatMap((own) => spansOf(own, since, now));
  return { ...lane, spans: spans.sort((a, b) => a.from - b.from), marks: events };
}

/** The times in which a robot had no session: from the end of one to the opening of the next. `events` are its own, oldest first. */
export function offlineSpans(events: readonly Event[], now: number): Span[] {
  return events.flatMap((event, index) => {
    if (event.type !== "session.ended") return [];
    const next = events.slice(index).find(({ session }) => session !== event.session);
    const to = next?.at ?? now;
    return to > event.at ? [{ state: "offline", from: event.at, to, label: "Offline", began: event, ...(next && { ended: next }) }] : [];
  });
}

function spansOf(events: readonly Event[], since: number, now: number): Span[] {
  const spans: Span[] = [];
  const [first] = events;
  let state: State = (first && before[first.type]) ?? "gone";
  let from = since;
  let began: Event | undefined;
  // A connection that never says hello, or is sent away, leaves the session as it was.
  let resting: State = state;
  const close = (to: number, ended?: Event) => {
    if (state !== "gone" && to > from)
      spans.push({ state, from, to, label: labels[state], ...(began && { began }), ...(ended && { ended }) });
  };
  for (const event of events) {
    const isNothing = event.type === "session.lapsed" || event.type === "session.dismissed";
    const next = isNothing ? resting : after[event.type];
    if (next === undefined || next === state) continue;
    if (next === "opening") resting = state;
    // Frames go to the former connection until the next one says hello.
    if (next === "opening" && state === "online") continue;
    close(event.at, event);
    state = next;
    from = event.at;
    began = event;
  }
  close(now);
  return spans;
}
