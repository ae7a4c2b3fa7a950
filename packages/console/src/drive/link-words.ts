import { causes } from "@tether/protocol/cause";
import { limits } from "@tether/protocol/limits";
import type { Tone } from "../component/tone.ts";
import { countdown, duration } from "../format/duration.ts";
import { timeOf } from "../format/instant.ts";
import { type Facts, isHeard } from "./facts.ts";

/** `clock` is what changes every second, which nobody wants to be read to. */
export type LinkWords = {
  readonly tone: Tone;
  readonly word: string;
  readonly says: string;
  readonly remedy?: string;
  readonly clock?: string;
};

/** The connections of page and robot in words: what happens during an outage, and until when. */
export function linkWords(facts: Facts, now: number): LinkWords {
  const { status, robot } = facts;
  if (status !== "online") return ownAway(facts, now);
  switch (robot.state) {
    case "unknown":
    case "absent":
      return {
        tone: "quiet",
        word: "No robot",
        says: "The robot is not online.",
        remedy: "Start its agent; this page goes on by itself once it is there.",
      };
    case "ended":
      return {
        tone: "warn",
        word: "No robot",
        says: `The robot's session ended. ${robot.why?.says ?? ""}`.trim(),
        remedy: `${robot.why?.remedy ?? ""} This page goes on by itself once it is back.`.trim(),
      };
    case "away":
      return robotAway(facts, robot, now);
    case "online":
      return facts.isUndrivable ? noDriver : together(facts, now);
  }
}

const noDriver: LinkWords = {
  tone: "bad",
  word: "No driver",
  says: "This robot has no driver: its agent keeps it online, but nobody can drive it.",
  remedy: causes["driver.none"].remedy,
};

/** Why there is no picture. */
export function noPicture(facts: Facts, now: number): string {
  if (facts.status === "stopped") return "No picture: the session is over.";
  if (isHeard(facts)) return "No picture yet. If none comes, the robot has no camera or it does not run.";
  return `No picture yet. ${linkWords(facts, now).says}`;
}

function ownAway(facts: Facts, now: number): LinkWords {
  const { offlineSince, why, mine, block } = facts;
  if (offlineSince === undefined) {
    const says = why === undefined ? "Connecting to Tether …" : `Not connected yet. ${why.says}`;
    return { tone: "quiet", word: "Connecting", says, ...(why && { remedy: "It is tried again by itself." }) };
  }
  const says = "This page has lost touch with Tether, and tries again by itself.";
  const away = { word: "Page away", clock: `For ${duration(now - offlineSince)}.` };
  if (!isHeard(facts))
    return { ...away, tone: "bad", says, remedy: "Look at the network. There is no picture and no driving until it is back." };
  if (!mine || block !== undefined) return { ...away, tone: "warn", says: `${says} ${straight}` };
  const keptUntil = offlineSince + limits.control.keptMs;
  const rest =
    keptUntil > now
      ? `Control is kept for you for another ${countdown(keptUntil, now)} at least.`
      : "Control is kept for you no longer: once this page is back, or someone else asks, it is free and the robot stops.";
  const goesOn = "You keep driving: picture and commands go straight to the robot.";
  return { ...away, tone: "warn", says: `${says} ${goesOn}`, clock: `${away.clock} ${rest}` };
}

const straight = "The picture comes straight from the robot and goes on, and STOP works.";

function robotAway(facts: Facts, { backBy, why }: Extract<Facts["robot"], { state: "away" }>, now: number): LinkWords {
  const { mine, block } = facts;
  const clock = backBy === undefined ? {} : { clock: `It is waited for until ${timeOf(backBy)}, another ${countdown(backBy, now)}.` };
  const away = { word: "Robot away", ...clock };
  const says = `The robot has lost touch with Tether. ${why?.says ?? ""}`.trim();
  if (!isHeard(facts))
    return {
      ...away,
      tone: "bad",
      says: facts.path === "connected" ? `${says} It does not answer this page either.` : says,
      remedy: "There is no picture and no driving until it is back. Look at the network where the robot is.",
    };
  const proves =
    "You keep driving: picture and commands go straight to the robot, and this page shows it every few seconds that you still have control.";
  return { ...away, tone: "warn", says: `${says} ${mine && block === undefined ? proves : straight}` };
}

function together({ path, link }: Facts, now: number): LinkWords {
  if (path === "connected" && link.state === "silent")
    return {
      tone: "bad",
      word: "No answer",
      says: "The robot does not answer. What this page shows of it is old, and no command reaches it.",
      remedy: "Take it for moving until you see it stand.",
      clock: `For ${duration(now - link.since)}.`,
    };
  if (path === "connected" && link.state === "live")
    return { tone: "good", word: "Connected", says: "Picture and commands go straight between this page and the robot." };
  if (path === "failed")
    return {
      tone: "bad",
      word: "No path",
      says: "No path between this page and the robot works. Another one is looked for.",
      remedy: "Run the diagnostics: they say whether a relay can be reached from here.",
    };
  if (path === "disconnected")
    return {
      tone: "warn",
      word: "Interrupted",
      says: "Nothing comes from the robot just now. Most often it comes back by itself; if not, another path is looked for.",
    };
  return { tone: "quiet", word: "Connecting", says: "Looking for a path to the robot …" };
}
