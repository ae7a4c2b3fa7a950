import type { Actor } from "@tether/protocol/actor";
import { timeOf } from "../format/instant.ts";
import type { Facts } from "./facts.ts";
import { actorName } from "./people.ts";

/** A press of STOP: by whom, and when by the server's clock. */
export type Press = { readonly by: Actor; readonly at: number; readonly reason?: string | undefined };

/** The robot's word and Tether's of one press come by different ways: so far apart at most, in ms, else they are of two presses. */
const apartMs = 10_000;

/** The press that brought the stop in force, where this end heard of it. */
export function pressOf({ inForce, pressed }: Pick<Facts, "inForce" | "pressed">): Press | undefined {
  return inForce && pressed && Math.abs(pressed.at - inForce.since) <= apartMs ? pressed : undefined;
}

export type StopNoteWords = { readonly says: string; readonly remedy: string; readonly warns?: string };

/** `press` brought the stop in force. `last` is only the last press that Tether knows of: the robot may have been stopped without it since. */
export function stopNoteWords(
  { inForce, mine }: Pick<Facts, "inForce" | "mine">,
  { press, last }: { readonly press?: Press | undefined; readonly last?: Press | undefined },
): StopNoteWords {
  const quoted = press?.reason ? ` “${press.reason}”` : "";
  const known = last ? ` The last STOP that Tether knows of is ${actorName(last.by)}’s, at ${timeOf(last.at)}.` : "";
  const says = press ? `${actorName(press.by)} stopped the robot at ${timeOf(press.at)}.${quoted}` : `The robot was stopped.${known}`;
  const remedy = mine ? "See that the way is clear, then resume." : "Whoever has control can resume once the way is clear.";
  const warns = "The robot cannot keep this stop: started again, it would drive.";
  return { says, remedy, ...(inForce && !inForce.kept && { warns }) };
}
