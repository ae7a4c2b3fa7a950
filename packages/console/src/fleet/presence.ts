import type { Session, TimelinePage } from "@tether/protocol/http";
import type { Tone } from "../part/tone.ts";
import { countdown, duration } from "../words/duration.ts";

export type Presence = {
  readonly state: "online" | "away" | "expired" | "opening" | "offline" | "never";
  readonly tone: Tone;
  readonly word: string;
  /** Since when, until when, and why, as one line. */
  readonly line: string;
  /** What to do about it, where there is something. */
  readonly remedy?: string;
};

/** How a robot stands, from its sessions: the live ones first, then the past ones, newest first. */
export function presenceOf(sessions: readonly Session[], now: number): Presence {
  const session = sessions.find(({ kind }) => kind === "robot");
  if (!session) return { state: "never", tone: "quiet", word: "Never online", line: "It has not connected yet." };
  const { state, since, backBy, ending } = session;
  const ago = duration(Math.max(0, now - since));
  const remedy = ending && { remedy: ending.remedy };
  switch (state) {
    case "online":
      return { state, tone: "good", word: "Online", line: `For ${ago}.` };
    case "opening":
      return { state, tone: "warn", word: "Connecting", line: "It has not said hello yet." };
    case "expired":
      return { state, tone: "warn", word: "Lease over", line: `Since ${ago}: connected, but nothing is relayed until it renews.` };
    case "away": {
      const until = backBy === undefined ? "" : ` Waited for another ${countdown(backBy, now)}.`;
      return { state, tone: "warn", word: "Away", line: `Since ${ago}.${until} ${ending?.says ?? ""}`.trim(), ...remedy };
    }
    default:
      return { state: "offline", tone: "quiet", word: "Offline", line: `Since ${ago}. ${ending?.says ?? ""}`.trim(), ...remedy };
  }
}

type Event = TimelinePage["items"][number];

/** Who drives, by the newest word on control; undefined where nobody does. Events newest first. */
export function driverOf(events: readonly Event[]): string | undefined {
  for (const { type, actor, evidence } of events) {
    switch (type) {
      case "control.granted":
      case "control.unanswered":
      case "control.taken":
        return actor.name ?? actor.id ?? "Someone";
      case "control.given":
        return named(evidence?.to);
      case "control.away":
      case "control.returned":
      case "control.superseded":
        return named(evidence?.from);
      case "control.released":
      case "control.expired":
      case "control.ended":
      case "control.revoked":
        return undefined;
    }
  }
  return undefined;
}

function named(name: unknown): string {
  return typeof name === "string" ? name : "Someone";
}
