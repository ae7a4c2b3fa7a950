import type { RobotId } from "@tether/protocol/id";
import { saveAs } from "../component/save-as.ts";
import type { Event } from "./event.ts";
import type { TimeRange } from "./zoom.ts";

type Exported = { readonly robot: RobotId; readonly name: string; readonly range: TimeRange; readonly events: readonly Event[] };

/** The shown entries as a file: instants both in ms and as RFC 3339 says them. */
export function exported({ robot, name, range: { from, to }, events }: Exported): string {
  const written = (at: number) => new Date(at).toISOString();
  const entries = events.map((event) => ({ ...event, time: written(event.at) }));
  return `${JSON.stringify({ robot, name, from: written(from), to: written(to), events: entries }, null, 2)}\n`;
}

export function download(what: Exported): void {
  saveAs(`${what.robot}-timeline.json`, new Blob([exported(what)], { type: "application/json" }));
}
