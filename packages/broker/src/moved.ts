import { hasLeft, moved } from "@tether/core/cell";
import type { Identity } from "@tether/core/session";
import { bye } from "@tether/protocol/frame/bye";
import type { Env } from "./env.ts";
import type { Outcome } from "./outcome.ts";

/** The problems of a frame where an item that it depends on is gone, or may not be changed any more. */
const doubtful: ReadonlySet<string> = new Set(["session.superseded", "credential.unknown", "access.denied", "ticket.used"]);

/** The items of a robot that moves to another cell leave this one: what that refuses is no word about the sender, who is to connect again. C4 */
export async function byeIfMoved(env: Env, { robotId }: Identity, outcome: Outcome): Promise<Outcome> {
  const { answer } = outcome;
  if (answer?.type !== "problem" || !doubtful.has(answer.code) || !(await hasLeft(env, robotId))) return outcome;
  return { answer: bye(moved) };
}
