import wrtc from "@roamhq/wrtc";
import { ClientSessionId } from "@tether/protocol/id";
import type { Peer } from "@tether/protocol/peer";
import { describe, expect, test } from "vitest";
import { follow } from "../../src/peer/follow.ts";
import { createEmitter } from "../../src/session/emitter.ts";
import type { SessionEvents } from "../../src/session/session.ts";

const id = ClientSessionId.parse("cse_01J00000000000000000000000");
const peer: Peer = { session: id, kind: "client", state: "online", epoch: 1 };

function start(peers: Peer[] = []) {
  const { on, emit } = createEmitter<SessionEvents>();
  const made: RTCPeerConnection[] = [];
  const stop = follow({
    session: { on, send: () => undefined, peers, id: undefined, freshIceServers: async () => [], wake: () => {} },
    polite: false,
    connect() {
      const pc: RTCPeerConnection = new wrtc.RTCPeerConnection();
      made.push(pc);
      return pc;
    },
  });
  return { emit, stop, states: () => made.map(({ connectionState }) => connectionState) };
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

  test("makes a new one for a peer that started afresh, and closes that of one that ended [W5]", () => {
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
});
