import type { Presence } from "@tether/protocol/http";
import type { Tone } from "../component/tone.ts";
import { countdown, duration } from "../format/duration.ts";

/** A robot's presence in words. */
export type PresenceWords = {
  readonly tone: Tone;
  readonly word: string;
  /** The times and the cause, as one line. */
  readonly detail: string;
  /** The first thing to do about it, where there is one. */
  readonly remedy?: string;
};

/** Says how a robot stands at `now`. */
export function presenceWords({ state, since, backBy, ending }: Presence, now: number): PresenceWords {
  const ago = since === undefined ? "" : duration(Math.max(0, now - since));
  const remedy = ending && { remedy: ending.remedy };
  switch (state) {
    case "online":
      return { tone: "good", word: "Online", detail: `For ${ago}.` };
    case "opening":
      return { tone: "warn", word: "Connecting", detail: "It has not said hello yet." };
    case "expired":
      return { tone: "warn", word: "Lease over", detail: `Since ${ago}: connected, but nothing is relayed until it renews.` };
    case "away": {
      const until = backBy === undefined ? "" : ` Waited for another ${countdown(backBy, now)}.`;
      return { tone: "warn", word: "Away", detail: `Since ${ago}.${until} ${ending?.says ?? ""}`.trim(), ...remedy };
    }
    case "offline":
      if (since === undefined) return { tone: "quiet", word: "Never online", detail: "It has not connected yet." };
      return { tone: "quiet", word: "Offline", detail: `Since ${ago}. ${ending?.says ?? ""}`.trim(), ...remedy };
  }
}

/** The stop in force, in a sentence; nothing where there is none. */
export function stopWords({ stop }: Presence, now: number): string | undefined {
  if (!stop) return undefined;
  const name = stop.by.type === "user" ? (stop.by.name ?? stop.by.id) : undefined;
  const ago = `${duration(Math.max(0, now - stop.since))} ago`;
  return name === undefined ? `STOP is in force since ${ago}.` : `STOP is in force: ${name} pressed it ${ago}.`;
}

/** The driver, in a sentence. */
export function driverWords({ driver }: Presence, now: number): string {
  if (!driver) return "Nobody drives.";
  const name = driver.name ?? driver.id;
  if (driver.keptUntil === undefined) return `${name} drives.`;
  return driver.keptUntil > now ? `Control is kept for ${name} for another ${countdown(driver.keptUntil, now)}.` : "Nobody drives.";
}
