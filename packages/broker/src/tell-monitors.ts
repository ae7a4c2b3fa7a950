import { nameOf } from "@tether/aws/failure";
import type { Line } from "@tether/aws/invocation";
import { show } from "@tether/core/monitor";
import { type Identity, type Live, readLive } from "@tether/core/session";
import type { ToBroker } from "@tether/protocol/frame";
import { unreadable, type Verdict } from "@tether/protocol/frame/monitor";
import type { SessionId } from "@tether/protocol/id";
import type { Env } from "./env.ts";

/** A frame as it came, or as much as could be read of one that was refused for it. */
type Come = ToBroker | { readonly problem: string; readonly type?: string };

type Judged = {
  readonly from: Identity;
  readonly frame: Come;
  readonly bytes: number;
  readonly verdict: Verdict;
  /** The live sessions that the frame was judged by. */
  readonly live: Live | undefined;
};

/** Tells those who monitor the robot of a frame. Whatever goes wrong with it is nobody else's concern. */
export async function tellMonitors(env: Env, { from, frame, bytes, verdict, live }: Judged, line: Line): Promise<void> {
  try {
    // A frame that was malformed was refused without a read; telling monitors costs one here, as for any other frame.
    const unread = verdict.outcome === "refused" && line.error === undefined;
    const there = live ?? (unread ? await readLive(env, from.robotId, "stale") : undefined);
    if (!there) return;
    const monitors = await show(env, there, { from, to: recipientOf(frame, there), kind: kindOf(frame), bytes, verdict });
    if (monitors > 0) line.monitors = monitors;
  } catch (error) {
    line.notMonitored = nameOf(error);
  }
}

function kindOf(frame: Come): string {
  return "data" in frame ? frame.data.kind : (frame.type ?? unreadable);
}

function recipientOf(frame: Come, { sessions }: Live): SessionId | undefined {
  if ("to" in frame) return frame.to;
  return frame.type === "stop" ? sessions.find(({ kind }) => kind === "robot")?.sessionId : undefined;
}
