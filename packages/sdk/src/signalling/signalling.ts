import type { FromBroker } from "@tether/protocol/frame";
import type { PeerAway, PeerEnded, PeerOnline } from "@tether/protocol/frame/peer";
import type { ProblemFrame } from "@tether/protocol/frame/problem";
import type { AckRelayed, SignalData, SignalRelayed, Undelivered } from "@tether/protocol/frame/signal";
import type { Welcome } from "@tether/protocol/frame/welcome";
import type { SessionId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import type { Peer, Received } from "@tether/protocol/peer";
import { type Problem, problem } from "@tether/protocol/problem";
import { idOf, positionIn } from "./frame-id.ts";
import { accept, ackDueAt, markReported, receivedOf } from "./inbound.ts";
import type { DropReason, Signalling, SignallingEnv } from "./interface.ts";
import { acknowledge, due, fill, isFull, type Kept, nextDueAt, nothingSent, postpone, push, resendAll } from "./outbound.ts";
import { checkAfter, checkAgain, isRestarted, isStale, noStreams, type PeerStreams, streamNumber } from "./peer-streams.ts";
import { snapshot } from "./snapshot.ts";

/** The number of ended sessions that are remembered: they do not come back, but their last frames may come late. */
const endedKept = 256;

/** Signals to and from every peer, exactly once and in order, over any number of connections. */
export function createSignalling(env: SignallingEnv): Signalling {
  const { clock } = env;
  const streams = new Map<SessionId, PeerStreams>();
  const ended = new Set<SessionId>();
  /** Peers that were announced to this end since it last said hello. */
  const announced = new Set<SessionId>();
  /** How far the broker's clock is ahead of this end's, in ms. */
  let aheadMs = 0;
  let own: { readonly id: SessionId; readonly epoch: number } | undefined;
  let alarm: { readonly at: number; readonly cancel: () => void } | undefined;

  const streamsOf = (id: SessionId): PeerStreams => streams.get(id) ?? noStreams;
  const change = (id: SessionId, part: Partial<PeerStreams>) => void streams.set(id, { ...streamsOf(id), ...part });

  function transmit(to: SessionId, { seq, data }: Kept): void {
    const { outbound, inbound } = streamsOf(to);
    const received = receivedOf(inbound);
    change(to, { inbound: markReported(inbound, clock.now()) });
    const id = idOf({ to, stream: outbound.stream, seq });
    env.transmit({ type: "signal", id, to, stream: outbound.stream, seq, ...(received && { received }), data });
  }

  /** Asks about a peer taken for away once that is due, and answers when it is due next. S15 */
  function askAboutAway(id: SessionId, at: number): number {
    const { check } = streamsOf(id);
    if (!check) return Number.POSITIVE_INFINITY;
    if (check.at > at) return check.at;
    const next = checkAgain(check, at);
    change(id, { check: next });
    env.unacknowledged();
    return next.at;
  }

  /** A frame of a peer that is taken for away hints that it is online: it is asked about now, once. S15 */
  function doubtAway(id: SessionId): void {
    const { peer, check } = streamsOf(id);
    if (peer?.state === "away" && (check?.asked ?? 0) === 0) change(id, { check: { at: clock.now(), asked: 0 } });
  }

  /** Does what is due by now, and sets the alarm for what is due next. */
  function handleDue(): void {
    const at = clock.now();
    let next = Number.POSITIVE_INFINITY;
    for (const id of [...streams.keys()]) {
      next = Math.min(next, askAboutAway(id, at));
      if (streamsOf(id).peer?.state !== "online") continue;
      const { outbound, again, isUnacknowledged } = due(streamsOf(id).outbound, at);
      change(id, { outbound });
      for (const kept of again) transmit(id, kept);
      if (isUnacknowledged) env.unacknowledged();
      const { inbound } = streamsOf(id);
      const received = receivedOf(inbound);
      if (received && ackDueAt(inbound) <= at) {
        change(id, { inbound: markReported(inbound, at) });
        env.transmit({ type: "ack", to: id, received });
      }
      next = Math.min(next, nextDueAt(streamsOf(id).outbound), ackDueAt(streamsOf(id).inbound));
    }
    if (alarm?.at === next) return;
    alarm?.cancel();
    alarm = next === Number.POSITIVE_INFINITY ? undefined : { at: next, cancel: clock.after(next - at, ring) };
  }

  function ring(): void {
    alarm = undefined;
    handleDue();
  }

  function drop(id: SessionId, why: DropReason): void {
    const data = streamsOf(id).outbound.kept.map((kept) => kept.data);
    change(id, { outbound: nothingSent });
    if (data.length > 0) env.dropped(id, data, why);
  }

  function endPeer(id: SessionId, frame: PeerEnded | undefined): void {
    ended.add(id);
    for (const oldest of ended) if (ended.size > endedKept) ended.delete(oldest);
    if (!streams.has(id)) return;
    drop(id, "ended");
    streams.delete(id);
    env.ended(id, frame);
  }

  /** Takes a signal of a known peer in, and hands on those whose turn it is. */
  function acceptSignal(id: SessionId, frame: Pick<SignalRelayed, "stream" | "seq" | "data">): void {
    const { inbound, ready } = accept(streamsOf(id).inbound, frame, clock.now());
    change(id, { inbound });
    for (const data of ready) env.signal(id, data);
  }

  const early = new Map<SessionId, SignalRelayed[]>();

  function updatePeer(peer: Peer, received: Received | undefined, resend: boolean): void {
    const id = peer.session;
    const { peer: known, outbound } = streamsOf(id);
    if (ended.has(id) || isStale(known, peer)) return;
    const isSameAway = known?.state === "away" && peer.state === "away" && known.epoch === peer.epoch;
    change(id, { peer, outbound: acknowledge(outbound, received), ...(!isSameAway && { check: checkAfter(peer, aheadMs) }) });
    const restarted = isRestarted(known, peer);
    if (restarted)
      drop(id, "restarted"); // S7
    else if (resend) change(id, { outbound: resendAll(streamsOf(id).outbound, clock.now()) }); // S6, S8
    const news = restarted || known?.state !== peer.state || known.epoch !== peer.epoch;
    if (news && peer.state === "online") env.online(peer, restarted);
    if (known?.state === "online" && peer.state === "away")
      env.away({ session: id, ...(peer.backBy !== undefined && { backBy: peer.backBy }) });
    for (const frame of early.get(id) ?? []) acceptSignal(id, frame);
    early.delete(id);
  }

  function onOnline({ peer, received }: PeerOnline): void {
    announced.add(peer.session);
    updatePeer(peer, received, true);
  }

  function onAway(frame: PeerAway): void {
    const { session, epoch, backBy } = frame;
    const known = streamsOf(session).peer;
    if (!known || known.state === "away" || isStale(known, { epoch, state: "away" })) return;
    const peer: Peer = { ...known, state: "away", epoch, backBy };
    change(session, { peer, check: checkAfter(peer, aheadMs) });
    env.away(frame);
  }

  function onSignal(frame: SignalRelayed): void {
    const { from, received } = frame;
    if (ended.has(from)) return;
    if (!streamsOf(from).peer) {
      const waiting = early.get(from) ?? [];
      if (waiting.length < limits.signal.unacked) early.set(from, [...waiting, frame]);
      return;
    }
    const outbound = acknowledge(streamsOf(from).outbound, received);
    const names = received?.next !== undefined && received.stream === outbound.stream;
    change(from, { outbound: names ? fill(outbound, received, clock.now()) : outbound });
    acceptSignal(from, frame);
    doubtAway(from);
  }

  /** The peer says how far it got, and what it misses. S9 */
  function onAck({ from, received }: AckRelayed): void {
    const { outbound } = streamsOf(from);
    if (received.stream !== outbound.stream) return;
    change(from, { outbound: fill(acknowledge(outbound, received), received, clock.now()) });
    doubtAway(from);
  }

  function onUndelivered(frame: Undelivered): void {
    const { to, stream, seq, reason } = frame;
    const { outbound } = streamsOf(to);
    if (outbound.stream !== stream || !outbound.kept.some((kept) => kept.seq === seq)) return;
    env.undelivered(frame);
    if (reason === "busy") change(to, { outbound: postpone(outbound, clock.now(), (kept) => kept.seq === seq) });
    if (reason === "ended") endPeer(to, undefined);
  }

  /** A signal of ours was refused: for the moment, or because there is no such peer any more. Its content was checked before. */
  function onProblem({ id, code }: ProblemFrame): void {
    const position = positionIn(id);
    if (!position) return;
    const { to, stream, seq } = position;
    onUndelivered({ type: "undelivered", to, stream, seq, reason: code === "signal.target" ? "ended" : "busy" });
  }

  function hear(frame: FromBroker): void {
    if (frame.type === "signal") onSignal(frame);
    else if (frame.type === "ack") onAck(frame);
    else if (frame.type === "undelivered") onUndelivered(frame);
    else if (frame.type === "problem") onProblem(frame);
    else if (frame.type === "peer.online") onOnline(frame);
    else if (frame.type === "peer.away") onAway(frame);
    else if (frame.type === "peer.ended") endPeer(frame.session, frame);
  }

  function welcome({ session, peers, serverTime }: Welcome, broken: boolean): void {
    aheadMs = serverTime - clock.now();
    if (own && own.id !== session.id) {
      for (const id of [...streams.keys()]) drop(id, "replaced");
      for (const [id, { peer }] of streams) streams.set(id, { ...noStreams, peer });
    }
    own = session;
    const present = new Set(peers.map((peer) => peer.session));
    // A `peer.online` that came after hello may be newer than the state that welcome tells. P8
    for (const [id, { peer }] of [...streams]) if (peer && !present.has(id) && !announced.has(id)) endPeer(id, undefined);
    for (const peer of peers) updatePeer(peer, undefined, broken || streamsOf(peer.session).peer?.epoch !== peer.epoch);
  }

  function send(to: SessionId, given: SignalData): Problem | undefined {
    const { peer, outbound } = streamsOf(to);
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
  function handlingDue<Args extends unknown[], Result>(run: (...args: Args) => Result): (...args: Args) => Result {
    return (...args) => {
      const result = run(...args);
      handleDue();
      return result;
    };
  }

  return {
    send: handlingDue(send),
    hear: handlingDue(hear),
    welcome: handlingDue(welcome),
    failed: handlingDue(() => {
      for (const [id, { outbound }] of streams) change(id, { outbound: postpone(outbound, clock.now()) });
    }),
    hello() {
      announced.clear();
      const positions = [...streams].map(([id, { inbound }]) => [id, receivedOf(inbound)] as const);
      return Object.fromEntries(positions.filter((one): one is [SessionId, Received] => one[1] !== undefined));
    },
    peers: () => [...streams.values()].map(({ peer }) => peer).filter((peer) => peer !== undefined),
    end: () => alarm?.cancel(),
  };
}
