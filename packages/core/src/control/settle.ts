import { type Env, tell } from "../session/deliver.ts";
import { type Live, readLive } from "../session/read.ts";
import { due } from "./due.ts";
import { type Applied, apply } from "./write.ts";

/** Tells everyone attached what became of control. Answers what lives then. */
export async function announce(env: Env, live: Live, applied: Applied): Promise<Live> {
  const now = { ...live, control: applied.lease };
  const frame = applied.outcome === "changed" ? applied.frame : undefined;
  if (frame) await tell(env, now, now.sessions, () => frame);
  return now;
}

/** More steps than these at once is a defect: away, expired and free. */
const steps = 8;

/** Makes the lease what it is by the clock and its holder's session, and tells everyone, before anything is decided by it. */
export async function settle(env: Env, seen: Live): Promise<Live> {
  let live = seen;
  for (let step = 0; step < steps; step++) {
    const event = due(live.control, live.sessions, env.clock.now());
    if (!event) return live;
    const applied = await apply(env, live.control, event);
    // Someone else came first: what was read of the sessions says nothing of the new lease.
    live = applied.outcome === "changed" ? await announce(env, live, applied) : await readLive(env, live.control.robotId, "consistent");
  }
  throw new Error(`control of ${seen.control.robotId} does not settle`);
}
