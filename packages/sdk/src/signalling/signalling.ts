import type { FromBroker } from "@tether/protocol/frame";
import type { PeerAway, PeerEnded, PeerOnline } from "@tether/protocol/frame/peer";
import type { ProblemFrame } from "@tether/protocol/frame/problem";
import type { AckRelayed, SignalData, SignalRelayed, Undelivered } from "@tether/protocol/frame/signal";
import type { Welcome } from "@tether/protocol/frame/welcome";
import type { SessionId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import type { Peer, Received } from "@tether/protocol/peer";
import { type Problem, problem } from "@tether/protocol/problem";
import { idOf, placeIn } from "./frame-id.ts";
import { accept, ackDueAt, receivedOf, told } from "./inbound.ts";
import type { DropReason, Signalling, SignallingEnv } from "./interface.ts";
import { fresh, isReborn, isStale, type Link, streamNumber } from "./link.ts";
import { acknowledge, due, fill, isFull, type Kept, nextDueAt, postpone, push, restart, silent } from "./outbound.ts";
import { snapshot } from "./snapshot.ts";

/** Sessions that ended do not come back, but their last frames may come late. So many are remembered. */
const endedKept = 256;

/** Both directions of signalling with every peer: exactly once, in order, over any number of connections. */
export function createSignalling(env: SignallingEnv): Signalling {
  const { clock } = env;
  const links = new Map<SessionId, Link>();
  const ended = new Set<SessionId>();
  /** Whom this end was told of since it last said hello. */
  const met = new Set<SessionId>();
  let own: { readonly id: SessionId; readonly epoch: number } | undefined;
  let alarm: { readonly at: number; readonly cancel: () => void } | undefined;

  const linkOf = (id: SessionId): Link => links.get(id) ?? fresh;
  const change = (id: SessionId, part: Partial<Link>) => void links.set(id, { ...linkOf(id), ...part });

  function transmit(to: SessionId, { seq, data }: Kept): void {
    const { outbound, inbound } = linkOf(to);
    const received = receivedOf(inbound);
    change(to, { inbound: told(inbound, clock.now()) });
    const id = idOf({ to, stream: outbound.stream, seq });
    env.transmit({ type: "signal", id, to, stream: outbound.stream, seq, ...(received && { received }), data });
  }

  /** Does what is due by now, and sets the alarm for what is due next. */
  function settle(): void {
    const at = clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const id of [...links.keys()]) {
      if (linkOf(id).peer?.state !== "online") continue;
      const { outbound, again, isUnheard } = due(linkOf(id).outbound, at);
      change(id, { outbound });
      for (const kept of again) transmit(id, kept);
      if (isUnheard) env.unheard();
      const { inbound } = linkOf(id);
      const received = receivedOf(inbound);
      if (received && ackDueAt(inbound) <= at) {
        change(id, { inbound: told(inbound, at) });
        env.transmit({ type: "ack", to: id, received });
      }
      next = Math.min(next, nextDueAt(linkOf(id).outbound), ackDueAt(linkOf(id).inbound));
    }
    if (alarm?.at === next) return;
    alarm?.cancel();
    alarm = next === Number.POSITIVE_INFINITY ? undefined : { at: next, cancel: clock.after(next - at, ring) };
  }

  function ring(): void {
    alarm = undefined;
    settle();
  }

  function drop(id: SessionId, why: DropReason): void {
    const { kept } = linkOf(id).outbound;
    change(id, { outbound: silent });
    if (kept.length > 0)
      env.dropped(
        id,
        kept.map(({ data }) => data),
        why,
      );
  }

  function finish(id: SessionId, frame: PeerEnded | undefined): void {
    ended.add(id);
    for (const oldest of ended) if (ended.size > endedKept) ended.delete(oldest);
    if (!links.has(id)) return;
    const known = linkOf(id).peer;
    drop(id, "ended");
    links.delete(id);
    if (known) env.ended(id, frame);
  }

  /** The signals a peer's turn has come for wait until it is known who speaks. */
  function take(id: SessionId, frame: Pick<SignalRelayed, "stream" | "seq" | "data">): void {
    const { inbound, ready } = accept(linkOf(id).inbound, frame, clock.now());
    change(id, { inbound });
    for (const data of ready) env.signal(id, data);
  }

  const early = new Map<SessionId, SignalRelayed[]>();

  function meet(peer: Peer, received: Received | undefined, resend: boolean): void {
    const id = peer.session;
    const { peer: known, outbound } = linkOf(id);
    if (ended.has(id) || isStale(known, peer)) return;
    change(id, { peer, outbound: acknowledge(outbound, received) });
    const reborn = isReborn(known, peer);
    if (reborn)
      drop(id, "reborn"); // S7
    else if (resend) change(id, { outbound: restart(linkOf(id).outbound, clock.now()) }); // S6, S8
    const news = reborn || known?.state !== peer.state || known.epoch !== peer.epoch;
    if (news && peer.state === "online") env.online(peer, reborn);
    if (known?.state === "online" && peer.state === "away")
      env.away({ session: id, ...(peer.backBy !== undefined && { backBy: peer.backBy }) });
    for (const frame of early.get(id) ?? []) take(id, frame);
    early.delete(id);
  }

  function onOnline({ peer, received }: PeerOnline): void {
    met.add(peer.session);
    meet(peer, received, true);
  }

  function onAway(frame: PeerAway): void {
    const { session, epoch, backBy } = frame;
    const known = linkOf(session).peer;
    if (!known || known.state === "away" || isStale(known, { epoch, state: "away" })) return;
    change(session, { peer: { ...known, state: "away", epoch, backBy } });
    env.away(frame);
  }

  function onSignal(frame: SignalRelayed): void {
    const { from, received } = frame;
    if (ended.has(from)) return;
    if (!linkOf(from).peer) {
      const waiting = early.get(from) ?? [];
      if (waiting.length < limits.signal.unacked) early.set(from, [...waiting, frame]);
      return;
    }
    const outbound = acknowledge(linkOf(from).outbound, received);
    const names = received?.next !== undefined && received.stream === outbound.stream;
    change(from, { outbound: names ? fill(outbound, received, clock.now()) : outbound });
    take(from, frame);
  }

  /** The peer says how far it got, and what it misses. S9 */
  function onAck({ from, received }: AckRelayed): void {
    const { peer, outbound } = linkOf(from);
    if (!peer || received.stream !== outbound.stream) return;
    change(from, { outbound: fill(acknowledge(outbound, received), received, clock.now()) });
  }

  function onUndelivered(frame: Undelivered): void {
    const { to, stream, seq, reason } = frame;
    const { peer, outbound } = linkOf(to);
    if (!peer || outbound.stream !== stream || !outbound.kept.some((kept) => kept.seq === seq)) return;
    env.undelivered(frame);
    if (reason === "busy") change(to, { outbound: postpone(outbound, clock.now(), (kept) => kept.seq === seq) });
    if (reason === "ended") finish(to, undefined);
  }

  /** A signal of ours was refused: for the moment, or because there is no such peer any more. What it holds was checked. */
  function onProblem({ id, code }: ProblemFrame): void {
    const place = placeIn(id);
    if (!place) return;
    const { to, stream, seq } = place;
    onUndelivered({ type: "undelivered", to, stream, seq, reason: code === "signal.target" ? "ended" : "busy" });
  }

  function hear(frame: FromBroker): void {
    if (frame.type === "signal") onSignal(frame);
    else if (frame.type === "ack") onAck(frame);
    else if (frame.type === "undelivered") onUndelivered(frame);
    else if (frame.type === "problem") onProblem(frame);
    else if (frame.type === "peer.online") onOnline(frame);
    else if (frame.type === "peer.away") onAway(frame);
    else if (frame.type === "peer.ended") finish(frame.session, frame);
  }

  function welcome({ session, peers }: Welcome, broken: boolean): void {
    if (own && own.id !== session.id) {
      for (const id of [...links.keys()]) drop(id, "replaced");
      for (const [id, { peer }] of links) links.set(id, { ...fresh, peer });
    }
    own = session;
    const present = new Set(peers.map((peer) => peer.session));
    // Word of a peer that came after hello may be newer than what welcome was made of. P8
    for (const [id, { peer }] of [...links]) if (peer && !present.has(id) && !met.has(id)) finish(id, undefined);
    for (const peer of peers) meet(peer, undefined, broken || linkOf(peer.session).peer?.epoch !== peer.epoch);
  }

  function send(to: SessionId, given: SignalData): Problem | undefined {
    const { peer, outbound } = linkOf(to);
    if (!own || !peer) return problem("signal.target");
    const data = snapshot(given);
    if (!data) return problem("frame.invalid", ["data"]);
    if (data.bytes > limits.signal.dataBytes) return problem("frame.too-large");
    if (isFull(outbound)) return problem("signal.backlog");
    const pushed = push(outbound, streamNumber(own.epoch, peer), data.value, clock.now());
    change(to, { outbound: pushed });
    const kept = pushed.kept.at(-1);
    if (kept && peer.state === "online") transmit(to, kept);
    return undefined;
  }

  /** Every way in ends with what is due by then. */
  function settling<Args extends unknown[], Result>(run: (...args: Args) => Result): (...args: Args) => Result {
    return (...args) => {
      const result = run(...args);
      settle();
      return result;
    };
  }

  return {
    send: settling(send),
    hear: settling(hear),
    welcome: settling(welcome),
    failed: settling(() => {
      for (const [id, { outbound }] of links) change(id, { outbound: postpone(outbound, clock.now()) });
    }),
    hello() {
      met.clear();
      const places = [...links].map(([id, { inbound }]) => [id, receivedOf(inbound)] as const);
      return Object.fromEntries(places.filter((place): place is [SessionId, Received] => place[1] !== undefined));
    },
    peers: () => [...links.values()].map(({ peer }) => peer).filter((peer) => peer !== undefined),
    end: () => alarm?.cancel(),
  };
}
