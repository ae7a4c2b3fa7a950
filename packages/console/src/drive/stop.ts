import type { Ways } from "@tether/sdk/client";
import type { Tone } from "../component/tone.ts";

/** The state of a person's STOP. Instants in ms. */
export type Attempt =
  /** The robot cannot be reached yet; the stop goes out as soon as it can. */
  | { readonly state: "waiting"; readonly since: number }
  | { readonly state: "sent"; readonly since: number; readonly at: number; readonly ways: Ways }
  /** The robot said that it stands. */
  | { readonly state: "stood"; readonly latencyMs: number }
  /** The broker took it, and without a channel the robot cannot answer here. */
  | { readonly state: "passed" }
  /** The stop went over the channel, and the robot did not answer. */
  | { readonly state: "unanswered" }
  | { readonly state: "failed" };

/** How long the robot's word is awaited, how often a way is looked for, and for how long: a stop of long ago would only surprise. In ms. */
export const patience = { confirmMs: 2_000, everyMs: 250, tryMs: 30_000 } as const;

/** A stop was ordered, over these ways; `before` is the state until now, where the page orders it again by itself. */
export function ordered(ways: Ways, at: number, before?: Attempt): Attempt {
  const since = before?.state === "waiting" ? before.since : at;
  return ways.channel || ways.broker ? { state: "sent", since, at, ways } : { state: "waiting", since };
}

/** The robot says it was stopped by order: whoever's order it was, it stands. */
export function stood(attempt: Attempt | undefined, latencyMs: number): Attempt | undefined {
  return attempt && { state: "stood", latencyMs };
}

/** The broker could not tell the robot. Where it went over the channel too, that decides. */
export function undelivered(attempt: Attempt | undefined): Attempt | undefined {
  return attempt?.state === "sent" && !attempt.ways.channel ? { state: "failed" } : attempt;
}

/** The attempt after time alone has passed. */
export function lapsed(attempt: Attempt, at: number): Attempt {
  if (attempt.state === "waiting" && at - attempt.since >= patience.tryMs) return { state: "failed" };
  if (attempt.state === "sent" && at - attempt.at >= patience.confirmMs) return { state: attempt.ways.channel ? "unanswered" : "passed" };
  return attempt;
}

/** The time until the next look, in ms; undefined where nothing is to come. */
export function dueIn(attempt: Attempt | undefined): number | undefined {
  if (attempt?.state === "waiting") return patience.everyMs;
  return attempt?.state === "sent" ? patience.confirmMs : undefined;
}

type Words = { readonly tone: Tone; readonly says: string; readonly remedy?: string };

const atTheRobot = "Stop the robot where it stands, or call someone who can.";

export function stopWords(attempt: Attempt): Words {
  switch (attempt.state) {
    case "waiting":
      return {
        tone: "bad",
        says: "STOP is not sent: there is no way to the robot just now. It goes out with the first.",
        remedy: atTheRobot,
      };
    case "sent":
      return { tone: "warn", says: "STOP is sent. Waiting for the robot …" };
    case "stood":
      return { tone: "good", says: `The robot stopped, ${Math.round(attempt.latencyMs)} ms after it heard.` };
    case "passed":
      return {
        tone: "warn",
        says: "STOP is passed on by Tether. The robot cannot confirm it to this page.",
        remedy: "See that it stands; if you cannot, press STOP again.",
      };
    case "unanswered":
      return { tone: "bad", says: "STOP is sent, and the robot did not confirm it.", remedy: `Press STOP again. ${atTheRobot}` };
    case "failed":
      return { tone: "bad", says: "The robot could not be told to stop.", remedy: atTheRobot };
  }
}
