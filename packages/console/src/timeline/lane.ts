import { controlLane } from "./control-lane.ts";
import type { Event } from "./event.ts";
import { leaseLane } from "./lease-lane.ts";
import { peopleIn } from "./people.ts";
import { offlineSpans, sessionLane } from "./session-lane.ts";
import type { Known, Lane } from "./span.ts";

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
