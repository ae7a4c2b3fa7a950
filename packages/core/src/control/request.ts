import type { FromBroker } from "@tether/protocol/frame";
import type { ControlRequest } from "@tether/protocol/frame/control";
import { limits } from "@tether/protocol/limits";
import { isProblem, type Problem, problem } from "@tether/protocol/problem";
import { notify, verify } from "../delivery/notify.ts";
import { controlOf, type Held, isHeldBy, type Kept, overAt, policyOf, requestsAt } from "../live/control-lease.ts";
import { type Live, readLive } from "../live/read.ts";
import { actorOf, connectionOf, type Identity } from "../live/session.ts";
import { apply } from "../machine/control/write.ts";
import { admit, type Driver, type Env, holding } from "./driver.ts";
import { hold } from "./hold.ts";
import { extend } from "./renew.ts";

type Answer = FromBroker | Problem;

/** How often one looks again when the lease moved meanwhile. */
const looks = 5;

/**
 * Asks to drive. Granted at once where control is free; else the holder is verified at the gateway and asked. Who asks comes again
 * at `answerBy` for what became of it: no timer runs here, the clock is looked at when someone asks.
 */
export async function request(env: Env, identity: Identity, { id }: ControlRequest): Promise<Answer> {
  for (let look = 0; look < looks; look++) {
    const admitted = await admit(env, identity);
    if (isProblem(admitted)) return admitted;
    const { driver, live } = admitted;
    const { control } = live;
    const answer =
      control.state === "free"
        ? await hold(env, live, driver, { type: "granted", id })
        : isHeldBy(control, driver)
          ? await extend(env, live, driver, { id, epoch: control.epoch })
          : await ask(env, live, driver, control, id);
    if (answer !== "moved") return answer;
  }
  return problem("unavailable");
}

async function ask(env: Env, live: Live, driver: Driver, lease: Held | Kept, id: string | undefined): Promise<Answer | "moved"> {
  const now = env.clock.now();
  const mine = requestsAt(lease, now).find(({ sessionId }) => sessionId === driver.sessionId);
  const unanswered = mine !== undefined && now >= mine.answerBy;
  if (unanswered && policyOf(lease).unanswered === "grant") return hold(env, live, driver, { type: "unanswered", id });
  if (lease.state === "kept") return asked(lease, overAt(lease), id);
  if (unanswered) return deny(env, lease, driver, id);
  if (mine) return asked(lease, mine.answerBy, id); // D8.2
  return askHolder(env, live, driver, lease, id);
}

function asked(lease: Held | Kept, answerBy: number, id: string | undefined): FromBroker {
  return { type: "control.asked", ...(id !== undefined && { id }), answerBy, control: controlOf(lease) };
}

/** The holder did not answer, which is a no. */
async function deny(env: Env, lease: Held, driver: Driver, id: string | undefined): Promise<Answer | "moved"> {
  const actor = { type: "system" } as const;
  const { to } = holding(driver, env.clock.now());
  const name = to.user.name ?? to.user.id;
  const applied = await apply(env, lease, { type: "denied", at: env.clock.now(), actor, to: to.sessionId, name, reason: undefined });
  return applied.outcome === "changed" ? { type: "control.denied", ...(id !== undefined && { id }), actor } : "moved";
}

async function askHolder(env: Env, live: Live, driver: Driver, lease: Held, id: string | undefined): Promise<Answer | "moved"> {
  const holder = live.sessions.find(({ sessionId }) => sessionId === lease.holder.sessionId);
  const connection = holder && connectionOf(holder);
  if (!holder || !connection) return "moved";
  const found = await verify(env, live, holder, connection);
  if (!found || !connectionOf(found)) return "moved";
  const at = env.clock.now();
  const { to } = holding(driver, at);
  const answerBy = at + limits.control.answerMs;
  const about = { at, actor: actorOf(driver), holder: lease.holder.sessionId };
  const applied = await apply(env, lease, { type: "asked", ...about, by: to.sessionId, id, answerBy });
  if (applied.outcome !== "changed" || applied.lease.state !== "held") return "moved";
  // Of a hello of the holder and this write at least one sees the other: welcome has the request, or its connection is read here. D8.4
  const now = await readLive(env, driver.robotId, "consistent");
  const holders = now.sessions.filter(({ sessionId }) => sessionId === lease.holder.sessionId);
  await notify(env, { ...now, control: applied.lease }, holders, () => ({
    type: "control.requested",
    from: to.sessionId,
    user: to.user,
    answerBy,
  }));
  return asked(applied.lease, answerBy, id);
}
