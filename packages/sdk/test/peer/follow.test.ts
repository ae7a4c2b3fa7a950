import wrtc from "@roamhq/wrtc";
import type { SignalData } from "@tether/protocol/frame/signal";
import { ClientSessionId, type SessionId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import type { Peer } from "@tether/protocol/peer";
import { describe, expect, test } from "vitest";
import { follow } from "../../src/peer/follow.ts";
import { createEmitter } from "../../src/session/emitter.ts";
import type { SessionEvents } from "../../src/session/session.ts";
import { createVirtualClock } from "../virtual-clock.ts";

const id = ClientSessionId.parse("cse_01J00000000000000000000000");
const peer: Peer = { session: id, kind: "client", state: "online", epoch: 1 };

function start(peers: Peer[] = [], polite = false, canRestart = true) {
  const { on, emit } = createEmitter<SessionEvents>();
  const made: RTCPeerConnection[] = [];
  const clock = createVirtualClock();
  const sent: unknown[] = [];
  const send = (to: SessionId, data: SignalData) => {
    if (data.kind === "refused") sent.push([to, data]);
    return undefined;
  };
  const stop = follow({
    clock,
    session: { on, send, peers, id: undefined, freshIceServers: async () => [], wake: () => {} },
    polite,
    canRestart,
    connect() {
      const pc: RTCPeerConnection = new wrtc.RTCPeerConnection();
      made.push(pc);
      return pc;
    },
  });
  return { clock, sent, emit, stop, made, states: () => made.map(({ connectionState }) => connectionState) };
}

describe("following peers", () => {
  test("keeps the peer connection over outages of signalling, its own and the peer's [W5]", () => {
    const { emit, stop, states } = start();
    emit("peer.online", { peer, restarted: false });
    emit("state", { status: "waiting" });
    emit("peer.away", { session: id });
    emit("peer.online", { peer: { ...peer, epoch: 2 }, restarted: false });
    expect(states()).toEqual(["new"]);
    stop();
  });

  test("makes a new one for a peer that started afresh, and closes that of one that ended [W5.1]", () => {
    const { emit, states } = start([peer]);
    emit("peer.online", { peer: { ...peer, epoch: 2 }, restarted: true });
    expect(states()).toEqual(["closed", "new"]);
    emit("peer.ended", { session: id });
    expect(states()).toEqual(["closed", "closed"]);
  });

  test("begins with a peer's signal, where that comes before the word that the peer is online", () => {
    const { emit, stop, states } = start([{ ...peer, state: "away" }]);
    expect(states()).toEqual([]);
    emit("signal", { from: id, data: { kind: "restart" } });
    emit("peer.online", { peer, restarted: false });
    expect(states()).toEqual(["new"]);
    stop();
    emit("signal", { from: ClientSessionId.parse(`${id.slice(0, -1)}1`), data: { kind: "restart" } });
    expect(states()).toEqual(["closed"]);
  });

  test("closes all when it stops, and begins none afterwards", () => {
    const { emit, stop, states } = start([peer]);
    stop();
    emit("peer.online", { peer, restarted: false });
    expect(states()).toEqual(["closed"]);
  });

  test("a client has a place to receive in for each track that its robot told of, and a robot has none [W1.3]", () => {
    const robot: Peer = { ...peer, kind: "robot", tracks: ["video", "audio", "video"] };
    for (const polite of [true, false]) {
      const { made, stop } = start([robot], polite);
      const places = made[0]?.getTransceivers().map(({ receiver, direction }) => [receiver.track.kind, direction]);
      const wanted = ["video", "audio", "video"].map((kind) => [kind, "recvonly"]);
      expect(places).toEqual(polite ? wanted : []);
      stop();
    }
  });

  test("a client whose stack cannot restart ICE makes another peer connection where that is to be done [W8.1]", () => {
    const { emit, stop, states } = start([{ ...peer, kind: "robot" }], true, false);
    emit("signal", { from: id, data: { kind: "restart" } });
    expect(states()).toEqual(["closed", "new"]);
    emit("signal", { from: id, data: { kind: "restart" } });
    expect(states()).toEqual(["closed", "closed", "new"]);
    stop();
  });

  const { burst, everyMs } = limits.peer;
  const user = { id: "ada", role: "operator" } as const;
  const tabOf = (n: number): Peer => ({ ...peer, user, session: ClientSessionId.parse(`${id.slice(0, -2)}${String(n).padStart(2, "0")}`) });

  test("makes 12 peer connections for one user at once and one more every 5 s, and tells a client beyond that once [W7]", async () => {
    const { clock, sent, emit, stop, states } = start();
    for (let n = 0; n < burst; n += 1) emit("peer.online", { peer: tabOf(n), restarted: false });
    const [late, other] = [tabOf(burst), { ...tabOf(50), user: { ...user, id: "grace" } }];
    for (let n = 0; n < 3; n += 1) emit("peer.online", { peer: late, restarted: n > 0 });
    expect(states().length).toBe(burst);
    expect(sent).toEqual([[late.session, { kind: "refused", problem: "peer.too-many", retryAfterMs: everyMs }]]);
    emit("peer.online", { peer: other, restarted: false });
    expect(states().length).toBe(burst + 1);
    clock.sleep(everyMs - 1);
    emit("peer.online", { peer: late, restarted: true });
    expect([states().length, sent.length]).toEqual([burst + 1, 1]);
    clock.sleep(1);
    emit("peer.online", { peer: late, restarted: true });
    expect([states().length, sent.length]).toEqual([burst + 2, 1]);
    stop();
  });

  test("a client that is refused closes its peer connection, and makes another when it may [W7]", async () => {
    const { clock, emit, stop, states } = start([peer], true);
    emit("signal", { from: id, data: { kind: "refused", problem: "peer.too-many", retryAfterMs: 5_000 } });
    expect(states()).toEqual(["closed"]);
    await clock.advance(4_999);
    emit("state", { status: "online" });
    expect(states()).toEqual(["closed"]);
    await clock.advance(1);
    expect(states()).toEqual(["closed", "new"]);
    emit("signal", { from: id, data: { kind: "refused", problem: "peer.too-many", retryAfterMs: 5_000 } });
    stop();
    await clock.advance(60_000);
    expect(states()).toEqual(["closed", "closed"]);
  });
});
