import { type TimelineEvent, TimelineType } from "@tether/protocol/timeline";
import type { Event } from "../../src/timeline/event.ts";

export const begin = Date.UTC(2026, 5, 1, 12);
export const rover = "rse_01JZ0000000000000000000000";
export const visit = "cse_01JZ0000000000000000000000";
export const olive = { type: "user", id: "u1", name: "Olive" } as const;

let made = 0;

/** An entry `second` seconds after the begin. */
export function entry(second: number, type: TimelineEvent["type"], more: object = {}): Event {
  made++;
  const event = {
    id: `evt_${made}`,
    robot: "rob_1",
    at: begin + second * 1_000,
    type: TimelineType.parse(type),
    actor: { type: "system" },
  };
  return { ...event, inferred: false, says: type, ...more } as unknown as Event;
}
