import type { FromBroker } from "@tether/protocol/frame";
import { type ProblemFrame, problemFrame } from "@tether/protocol/frame/problem";
import type { Ack, Signal, Undelivered } from "@tether/protocol/frame/signal";
import { limits } from "@tether/protocol/limits";
import { type Problem, problem } from "@tether/protocol/problem";
import { type Env, verify } from "../delivery/notify.ts";
import { type Live, own, readLive } from "../live/read.ts";
import { checkSender } from "../live/sender.ts";
import type { Identity, Session } from "../live/session.ts";
import type { Connection } from "../store/connection.ts";

/** The outcome of a relayed frame, and the answer that its sender must get. */
export type Relayed =
  | { readonly outcome: "refused"; readonly answer: ProblemFrame }
  | { readonly outcome: "posted" | Undelivered["reason"]; readonly answer?: Undelivered };

/** Where a frame goes, or why it goes nowhere. */
type Route = { readonly to: Session; readonly connection: Connection } | Problem | { readonly undelivered: Undelivered["reason"] };

/**
 * Posts a frame to the peer's live connection, or says why not: one Query and one post. The Query may be stale, which
 * can only let pass what was right a moment ago; before any no the partition is read again consistently.
 */
export async function relay(env: Env, from: Identity, frame: Signal | Ack): Promise<Relayed> {
  if (frame.type === "signal" && tooLarge(frame)) return refuse(frame, problem("frame.too-large"));
  const guess = routeOf(await readLive(env, from.robotId, "stale"), from, frame, env.clock.now());
  if ("to" in guess) {
    const posted = await env.outbox.post(guess.connection.id, relayed(from, frame));
    if (posted === "posted") return { outcome: "posted" };
    if (posted === "failed") return miss(frame, "busy");
  }
  const live = await readLive(env, from.robotId, "consistent");
  const route = routeOf(live, from, frame, env.clock.now());
  if ("problem" in route) return refuse(frame, route);
  if ("undelivered" in route) return miss(frame, route.undelivered);
  const moved = !("to" in guess) || guess.connection.id !== route.connection.id;
  const posted = moved ? await env.outbox.post(route.connection.id, relayed(from, frame)) : "gone";
  if (posted === "posted") return { outcome: "posted" };
  if (posted === "failed") return miss(frame, "busy");
  const left = await verify(env, live, route.to, route.connection);
  return miss(frame, left === undefined ? "ended" : left.state === "away" ? "away" : "busy");
}

function tooLarge({ data }: Signal): boolean {
  return Buffer.byteLength(JSON.stringify(data)) > limits.signal.dataBytes;
}

function routeOf(live: Live, from: Identity, { to }: Signal | Ack, now: number): Route {
  const refused = checkSender(own(live, from), from, now);
  if (refused) return refused;
  const target = live.sessions.find(({ sessionId, kind }) => sessionId === to && kind !== from.kind);
  if (!target || target.state === "opening") return problem("signal.target");
  if (target.state !== "online" || now >= target.authExpiresAt) return { undelivered: "away" };
  return { to: target, connection: target.connection };
}

function relayed({ sessionId }: Identity, frame: Signal | Ack): FromBroker {
  if (frame.type === "ack") return { type: "ack", from: sessionId, received: frame.received };
  const { stream, seq, received, data } = frame;
  return { type: "signal", from: sessionId, stream, seq, ...(received && { received }), data };
}

function refuse(frame: Signal | Ack, why: Problem): Relayed {
  return { outcome: "refused", answer: problemFrame(why, frame.id) };
}

/** An ack that does not arrive is repeated by the next one: nobody needs to hear of it. */
function miss(frame: Signal | Ack, reason: Undelivered["reason"]): Relayed {
  if (frame.type === "ack") return { outcome: reason };
  const { id, to, stream, seq } = frame;
  return { outcome: reason, answer: { type: "undelivered", ...(id !== undefined && { id }), to, stream, seq, reason } };
}
