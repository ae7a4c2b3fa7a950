import { controlLane } from "./control-lane.ts";
import type { Event } from "./event.ts";
import { leaseLane } from "./lease-lane.ts";
import { peopleIn } from "./people.ts";
import { offlineSpans, sessionLane } from "./session-lane.ts";

export type SpanState = "opening" | "online" | "away" | "expired" | "offline" | "held" | "kept" | "lease";

/** A stretch of time in which something stood one way. Instants in ms. */
export type Span = {
  readonly state: SpanState;
  readonly from: number;
  readonly to: number;
  /** What it reads. */
  readonly label: string;
  /** The entry that began it; none where it began before what is known. */
  readonly began?: Event;
  /** The entry that ended it; none where it still lasts. */
  readonly ended?: Event;
};

export type Lane = {
  readonly id: string;
  readonly label: string;
  readonly spans: readonly Span[];
  readonly marks: readonly Event[];
};

/** What is known: entries oldest first, complete from `since` on, as of `now`. */
export type Known = { readonly events: readonly Event[]; readonly since: number; readonly now: number };

/** The picture of a robot's day: its connection, its lease, who drove, each person's connection, and what was done to it. */
export function lanesOf(known: Known): Lane[] {
  const { events } = known;
  const of = (test: (event: Event) => boolean) => events.filter(test);
  const robot = of(({ type, session }) => type.startsWith("session.") && isRobot(session));
  const clients = of(({ type, session }) => type.startsWith("session.") && session !== undefined && !isRobot(session));
  const control = of(({ type }) => type.startsWith("control.") || type === "robot.stopped");
  const rest = of(({ type }) => !type.startsWith("session.") && !type.startsWith("control.") && type !== "robot.stopped");
  const people = peopleIn(events);
  const ids = [...new Set(clients.map(({ session }) => people.get(session ?? "")?.id ?? ""))];
  const connection = sessionLane({ id: "robot", label: "Robot" }, robot, known);
  const lanes: Lane[] = [
    { ...connection, spans: [...connection.spans, ...offlineSpans(robot, known.now)].sort((a, b) => a.from - b.from) },
    leaseLane({ id: "lease", label: "Robot's lease" }, robot, known),
    controlLane({ id: "control", label: "Control" }, control, known),
    ...ids.map((id) => {
      const theirs = clients.filter(({ session }) => (people.get(session ?? "")?.id ?? "") === id);
      const name = people.get(theirs[0]?.session ?? "")?.name ?? "Someone";
      return sessionLane({ id: `client ${id}`, label: name }, theirs, known);
    }),
    { id: "record", label: "Keys and access", spans: [], marks: rest },
  ];
  return lanes.filter(({ id, spans, marks }) => id === "robot" || spans.length > 0 || marks.length > 0);
}

function isRobot(session: string | undefined): boolean {
  return session?.startsWith("rse_") === true;
}
