import type { Event } from "./event.ts";
import type { Known, Lane, Span } from "./span.ts";

const marked = new Set<Event["type"]>(["session.renewed", "session.expiring", "session.expired"]);

/** The stretches in which the session might act: from its hello to the end of its lease, or its own. `events` are the robot's, oldest first. */
export function leaseLane(lane: Pick<Lane, "id" | "label">, events: readonly Event[], { now }: Known): Lane {
  const spans: Span[] = [];
  let began: Event | undefined;
  const close = (to: number, ended?: Event) => {
    if (began && to > began.at) spans.push({ state: "lease", from: began.at, to, label: "May act", began, ...(ended && { ended }) });
    began = undefined;
  };
  for (const event of events) {
    if (event.type === "session.online" || event.type === "session.resumed" || event.type === "session.renewed") began ??= event;
    if (event.type === "session.expired" || event.type === "session.ended") close(event.at, event);
  }
  close(now);
  return { ...lane, spans, marks: events.filter(({ type }) => marked.has(type)) };
}
