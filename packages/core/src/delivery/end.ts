import { endOf } from "../live/peer.ts";
import { readLive } from "../live/read.ts";
import type { EndedSession } from "../store/ended-session.ts";
import { loseControl } from "./control.ts";
import { type Env, notifyEnd } from "./notify.ts";

/**
 * Tells the peers of a session that it ended, and frees the control that it held. Answers whether a robot among them knows now. Whoever
 * is told twice takes the second for nothing new. D21, P8
 */
export async function announceEnd(env: Env, ended: EndedSession): Promise<boolean> {
  const live = await readLive(env, ended.robotId, "consistent");
  const [isAnnounced] = await Promise.all([notifyEnd(env, live, ended.kind, endOf(ended)), loseControl(env, live, ended)]);
  return isAnnounced;
}
