import { causes } from "@tether/protocol/cause";
import type { TimelinePage } from "@tether/protocol/http";
import type { EventId, RobotId, SessionId } from "@tether/protocol/id";
import { describePossible, possibleCauses } from "@tether/protocol/possible-causes";
import { type TimelineEvent, timelineEvents } from "@tether/protocol/timeline";
import type { Store } from "../store/index.ts";

/** The timeline of a robot and its sessions, newest first, in words. */
export async function list(
  env: { store: Store },
  robotId: RobotId,
  page: { cursor?: string | undefined; limit: number },
): Promise<TimelinePage> {
  const { data, cursor } = await env.store.entities.timelineEvent.query
    .primary({ robotId })
    .go({ order: "desc", limit: page.limit, cursor: page.cursor ?? null });
  const items = data.map(({ eventId, at, type, sessionId, epoch, cause, actor, user, inferred, evidence }) => {
    const event: TimelineEvent = {
      id: eventId as EventId,
      robot: robotId,
      at,
      type,
      ...(sessionId !== undefined && { session: sessionId as SessionId }),
      ...(epoch !== undefined && { epoch }),
      ...(cause !== undefined && { cause }),
      actor,
      ...(user !== undefined && { user }),
      inferred,
      ...(evidence !== undefined && { evidence }),
    };
    const possible = possibleCausesOf(event);
    return { ...event, ...(possible.length > 0 && { possible: [...possible] }), ...inWords(event) };
  });
  return { items, ...(cursor !== null && { cursor }) };
}

/** `{who}`, `{by}` and the names of evidence are filled in; a cause adds its own sentence and what to do. */
export function inWords(event: TimelineEvent): { says: string; remedy?: string } {
  // Where there is a cause, the actor may be someone else: who takes an access away is not who is gone.
  const named = event.cause === undefined && event.actor.type === "user";
  const person = event.user ?? (named ? event.actor : undefined);
  const who = event.session?.startsWith("rse") ? "The robot" : (person?.name ?? person?.id ?? "The operator");
  const facts: Record<string, unknown> = { ...event.evidence, who, by: nameOf(event.actor) };
  const said = timelineEvents[event.type].replace(/\{(\w+)\}/g, (_, name: string) => String(facts[name] ?? "someone"));
  if (event.cause === undefined) return { says: said };
  const { says, remedy } = causes[event.cause];
  const others = describePossible(possibleCausesOf(event));
  const why = event.inferred ? "Nobody said so: Tether concluded it." : "Why it went away was concluded.";
  const concluded = event.inferred || others ? ` (${why}${others && ` ${others}`})` : "";
  return { says: `${said} ${says}${concluded}`, remedy };
}

function possibleCausesOf({ cause, inferred, evidence, session }: TimelineEvent) {
  return cause === undefined ? [] : possibleCauses({ cause, inferred, evidence, kind: session?.startsWith("rse") ? "robot" : "client" });
}

function nameOf({ type, id, name }: TimelineEvent["actor"]): string {
  switch (type) {
    case "user":
      return name ?? id ?? "A user";
    case "robot":
      return "The robot";
    default:
      return "Tether";
  }
}
