import type { Event } from "./event.ts";
import type { Known, Lane, Span } from "./span.ts";

type Holding = { readonly name: string; readonly state: "held" | "kept" };

/** The holder of control after an entry: `null` is nobody, and `undefined` says that the entry does not change it. */
function holdingAfter({ type, actor, evidence }: Event): Holding | null | undefined {
  const own = actor.name ?? actor.id ?? "Someone";
  const named = (key: string) => (typeof evidence?.[key] === "string" ? String(evidence[key]) : "Someone");
  switch (type) {
    case "control.granted":
    case "control.unanswered":
    case "control.taken":
      return { name: own, state: "held" };
    case "control.given":
      return { name: named("to"), state: "held" };
    case "control.away":
      return { name: named("from"), state: "kept" };
    case "control.returned":
    case "control.superseded":
      return { name: named("from"), state: "held" };
    case "control.released":
    case "control.expired":
    case "control.ended":
    case "control.revoked":
      return null;
    default:
      return undefined;
  }
}

/** The holder of control before the first known entry, as it implies. */
function holdingBefore(event: Event | undefined): Holding | null {
  const from = event?.evidence?.from;
  if (!event || typeof from !== "string" || event.type === "control.granted") return null;
  return { name: from, state: event.type === "control.returned" ? "kept" : "held" };
}

/** The stretches in which someone drove. `events` are of control, oldest first. */
export function controlLane(lane: Pick<Lane, "id" | "label">, events: readonly Event[], { since, now }: Known): Lane {
  const spans: Span[] = [];
  let holding = holdingBefore(events.find((event) => holdingAfter(event) !== undefined));
  let from = since;
  let began: Event | undefined;
  const close = (to: number, ended?: Event) => {
    if (!holding || to <= from) return;
    const label = holding.state === "kept" ? `Kept for ${holding.name}` : holding.name;
    spans.push({ state: holding.state, from, to, label, ...(began && { began }), ...(ended && { ended }) });
  };
  for (const event of events) {
    const next = holdingAfter(event);
    if (next === undefined) continue;
    close(event.at, event);
    holding = next;
    from = event.at;
    began = event;
  }
  close(now);
  return { ...lane, spans, marks: events };
}
