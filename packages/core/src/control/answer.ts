import type { ControlDeny, ControlGive } from "@tether/protocol/frame/control";
import { isProblem, type Problem, problem } from "@tether/protocol/problem";
import { announce } from "../delivery/control.ts";
import { notify, verify } from "../delivery/notify.ts";
import { isHeldBy, requestsAt } from "../live/control-lease.ts";
import { actorOf, type Identity } from "../live/session.ts";
import { apply } from "../machine/control/write.ts";
import { admit, canDrive, drives, type Env, holding } from "./driver.ts";
import { permitFrame } from "./hold.ts";

/** The holder hands control over, to who asked or to any operator that the gateway still has. */
export async function give(env: Env, identity: Identity, { to }: ControlGive): Promise<Problem | undefined> {
  const admitted = await admit(env, identity);
  if (isProblem(admitted)) return admitted;
  const { driver, live } = admitted;
  if (!isHeldBy(live.control, driver)) return problem("control.unheld");
  const target = live.sessions.find(({ sessionId }) => sessionId === to);
  if (!canDrive(target) || to === driver.sessionId) return problem("control.target");
  const found = await verify(env, live, target, target.connection);
  if (!canDrive(found)) return problem("control.target");
  const at = env.clock.now();
  const event = { type: "given", at, actor: actorOf(driver), holder: live.control.holder.sessionId, ...holding(found, at) } as const;
  const applied = await apply(env, live.control, event, (entities) => drives(entities, found));
  if (applied.outcome === "refused") return problem("control.target");
  if (applied.outcome === "ignored") return problem("control.unheld");
  const now = await announce(env, live, applied);
  await notify(env, now, [found], () => permitFrame(env, applied.lease, undefined));
  return undefined;
}

/** The holder says no to who asked, in its own words. */
export async function deny(env: Env, identity: Identity, { to, reason }: ControlDeny): Promise<Problem | undefined> {
  const admitted = await admit(env, identity);
  if (isProblem(admitted)) return admitted;
  const { driver, live } = admitted;
  const { control } = live;
  if (!isHeldBy(control, driver)) return problem("control.unheld");
  const asked = requestsAt(control, env.clock.now()).find(({ sessionId }) => sessionId === to);
  const who = live.sessions.find(({ sessionId }) => sessionId === to);
  if (!asked || !who || who.principal.type !== "user") return problem("control.unasked");
  const actor = actorOf(driver);
  const { id, name = id } = who.principal;
  const applied = await apply(env, control, { type: "denied", at: env.clock.now(), actor, to, name, reason });
  if (applied.outcome !== "changed") return problem("control.unasked");
  const said = { ...(asked.id !== undefined && { id: asked.id }), actor, ...(reason !== undefined && { reason }) };
  await notify(env, { ...live, control: applied.lease }, [who], () => ({ type: "control.denied", ...said }));
  return undefined;
}
