import type { SignalData } from "@tether/protocol/frame/signal";
import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { negotiate } from "../../src/peer/negotiate.ts";
import { createVirtualClock } from "../virtual-clock.ts";

const { candidatesMs, candidates: most } = limits.signal;

const name = (index: number, ufrag = "a") => `candidate:${index} 1 udp 1 198.51.100.7 9 typ host ufrag ${ufrag}`;

/** An end with an engine that finds candidates when it is told to, and the signals that it sent, each with its instant. */
function createEnd({ polite = true } = {}) {
  const clock = createVirtualClock();
  const beganAt = clock.now();
  const sent: { at: number; data: SignalData }[] = [];
  const added: RTCIceCandidateInit[] = [];
  const description = { sdp: "a=ice-ufrag:a\r\n" };
  const pc = Object.assign(new EventTarget(), {
    connectionState: "new",
    signalingState: "stable",
    createOffer: async () => description,
    createAnswer: async () => description,
    setLocalDescription: async () => {},
    setRemoteDescription: async () => {},
    addIceCandidate: async (one: RTCIceCandidateInit) => {
      if (one.candidate === "refused") throw new Error("no candidate");
      added.push(one);
    },
    close: () => {},
  });
  const negotiation = negotiate({
    // Only what negotiation uses of it.
    pc: pc as unknown as RTCPeerConnection,
    polite,
    clock,
    send: (data) => sent.push({ at: clock.now() - beganAt, data }),
  });
  const find = (candidate: string | null) => {
    const found = candidate === null ? null : { candidate, sdpMid: "0", sdpMLineIndex: 0, usernameFragment: null };
    pc.dispatchEvent(Object.assign(new Event("icecandidate"), { candidate: found }));
  };
  return { clock, sent, added, negotiation, find, needNegotiation: () => pc.dispatchEvent(new Event("negotiationneeded")) };
}

type End = ReturnType<typeof createEnd>;

/** The candidates that an end finds with STUN and TURN: its own addresses at once, then each server's answer. Instants in ms, as libwebrtc has them on a path of 50 ms. */
async function search({ clock, find }: End): Promise<void> {
  for (const [wait, ...found] of [
    [0, 1, 2, 3, 4],
    [4, 5],
    [56, 6, 7],
    [120, 8, 9],
    [15, 10],
  ] as const) {
    await clock.advance(wait);
    for (const index of found) find(name(index));
  }
  find(null);
}

const kindsOf = ({ sent }: End) => sent.map(({ data }) => data.kind);
const namesOf = ({ sent }: End) =>
  sent.flatMap(({ data }) =>
    data.kind === "candidates" ? data.candidates.map(({ candidate }) => candidate) : data.kind === "candidate" ? data.candidate : [],
  );

test("the set-up of a peer connection is eight signals of both ends together, and no candidate is lost [W3.2]", async () => {
  const [client, robot] = [createEnd(), createEnd({ polite: false })];
  client.needNegotiation();
  await client.clock.advance(0);
  await search(client);
  await robot.negotiation.receive({ kind: "offer", sdp: "a=ice-ufrag:a\r\n" });
  await search(robot);
  expect([kindsOf(client), kindsOf(robot)]).toEqual([
    ["offer", "candidates", "candidates", "candidates"],
    ["answer", "candidates", "candidates", "candidates"],
  ]);
  const all = Array.from({ length: 10 }, (_, index) => name(index + 1));
  for (const end of [client, robot]) expect(namesOf(end)).toEqual(all);
});

test("descriptions are not waited with, and no candidate is held for longer than 20 ms [W3.2]", async () => {
  const end = createEnd();
  end.needNegotiation();
  await end.clock.advance(0);
  end.find(name(1));
  for (let ms = 0; ms < candidatesMs - 1; ms++) {
    await end.clock.advance(1);
    end.find(name(ms + 2));
  }
  expect(end.sent.map(({ at, data }) => [at, data.kind])).toEqual([[0, "offer"]]);
  await end.clock.advance(1);
  expect(end.sent.map(({ at, data }) => [at, data.kind])).toEqual([
    [0, "offer"],
    [candidatesMs, "candidates"],
  ]);
});

test("the end of the search sends what was found at once [W3.2]", () => {
  const end = createEnd();
  for (const one of [name(1), name(2), null]) end.find(one);
  expect(kindsOf(end)).toEqual(["candidates"]);
  expect(end.clock.pending).toBe(0);
});

test("one candidate alone travels by itself, with its generation [W3.2]", async () => {
  const end = createEnd();
  end.find(name(1, "b"));
  await end.clock.advance(candidatesMs);
  expect(end.sent.map(({ data }) => data)).toEqual([
    { kind: "candidate", candidate: name(1, "b"), sdpMid: "0", sdpMLineIndex: 0, ufrag: "b" },
  ]);
});

test("what was found before a description is sent before it [W3.2]", async () => {
  const end = createEnd();
  for (const index of [1, 2]) end.find(name(index));
  end.needNegotiation();
  await end.clock.advance(0);
  expect(kindsOf(end)).toEqual(["candidates", "offer"]);
});

test("a signal takes so many candidates at most [W3.2]", async () => {
  const end = createEnd();
  for (let index = 0; index <= most; index++) end.find(name(index));
  expect(end.sent.map(({ data }) => data.kind === "candidates" && data.candidates.length)).toEqual([most]);
  await end.clock.advance(candidatesMs);
  expect(namesOf(end)).toHaveLength(most + 1);
});

test("each of several candidates is as one that came by itself: one that is refused takes none with it, one of another generation waits [W3, W3.2]", async () => {
  const end = createEnd();
  const one = (candidate: string, ufrag?: string) => ({ candidate, sdpMid: "0", sdpMLineIndex: 0, ...(ufrag !== undefined && { ufrag }) });
  const early = [one(name(1), "a"), one("refused"), one(name(2, "b"), "b"), one(""), one(name(3))];
  await end.negotiation.receive({ kind: "candidates", candidates: early });
  await end.negotiation.receive({ kind: "offer", sdp: "a=ice-ufrag:a\r\n" });
  expect(end.added.map(({ candidate }) => candidate)).toEqual([name(1), name(3)]);
  await end.negotiation.receive({ kind: "offer", sdp: "a=ice-ufrag:b\r\n" });
  expect(end.added.map(({ candidate }) => candidate)).toEqual([name(1), name(3), name(2, "b")]);
});

test("an end whose engine tells of no candidates sends its descriptions alone, with what they hold [W3.1]", async () => {
  const end = createEnd({ polite: false });
  await end.negotiation.receive({ kind: "offer", sdp: "a=ice-ufrag:a\r\na=candidate:1 1 udp 1 198.51.100.7 9 typ host\r\n" });
  await end.clock.advance(10 * candidatesMs);
  expect(kindsOf(end)).toEqual(["answer"]);
});

test("once closed nothing that was found is sent", async () => {
  const end = createEnd();
  for (const index of [1, 2]) end.find(name(index));
  end.negotiation.close();
  await end.clock.advance(candidatesMs);
  expect([end.sent, end.clock.pending]).toEqual([[], 0]);
});
