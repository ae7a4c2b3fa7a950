import { problemFrame } from "@tether/protocol/frame/problem";
import { ClientSessionId, RobotSessionId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { problem } from "@tether/protocol/problem";
import { describe, expect, test } from "vitest";
import { app, ids } from "./network.ts";
import { robot, start } from "./rig.ts";

const minute = 60_000;
const stranger = ClientSessionId.parse("cse_01J00000000000000000000009");
const robotOf = (n: number) => RobotSessionId.parse(`rse_${String(n).padStart(26, "0")}`);
const asked = (news: readonly string[]) => news.filter((one) => one === "unacknowledged").length;

describe("a peer that is away", () => {
  test("by the word of welcome is told with the instant until which it may come back, if there is one", () => {
    const known = start();
    known.welcome(3, false, [robot({ state: "away", backBy: 9 })]);
    expect(known.aways).toStrictEqual([{ session: ids.robot, backBy: 9 }]);
    const unknown = start();
    unknown.welcome(3, false, [robot({ state: "away" })]);
    expect(unknown.aways).toStrictEqual([{ session: ids.robot }]);
  });

  test("is told once, whatever later word says so again", () => {
    const { signalling, gone, welcome, news } = start();
    signalling.hear({ ...gone, type: "peer.away", backBy: 9 });
    signalling.hear({ ...gone, type: "peer.away", epoch: 4, backBy: 9 });
    welcome(3, false, [robot({ state: "away", epoch: 4, backBy: 9 })]);
    expect(news).toEqual(["online", "away"]);
  });

  test("is asked about on, not anew, when this end comes back and it is away as before [S15]", async () => {
    const { clock, signalling, gone, welcome, news } = start();
    signalling.hear({ ...gone, type: "peer.away", backBy: minute });
    await clock.advance(2 * minute);
    expect(asked(news)).toBe(1);
    welcome(3, false, [robot({ state: "away", backBy: minute })]);
    expect(asked(news)).toBe(1);
    await clock.advance(2 * minute);
    expect(asked(news)).toBe(2);
  });

  test.each([
    ["that was online when this end went", 3, false],
    ["that came and went meanwhile", 4, true],
  ])("%s is asked about once its own time is over [S15]", async (_, epoch, wasAway) => {
    const { clock, signalling, gone, welcome, news } = start();
    if (wasAway) {
      signalling.hear({ ...gone, type: "peer.away", backBy: minute });
      await clock.advance(2 * minute);
    }
    const before = asked(news);
    // Welcome was at 0 by the broker's clock, which is the time since then.
    welcome(3, false, [robot({ state: "away", epoch, backBy: 10 * minute })]);
    await clock.advance(11 * minute - 1);
    expect(asked(news)).toBe(before);
    await clock.advance(1);
    expect(asked(news)).toBe(before + 1);
  });

  test("for an unknown time is asked about when something of it comes, and one that is online never [S15]", () => {
    const { signalling, welcome, hear, news } = start();
    hear(1);
    expect(asked(news)).toBe(0);
    welcome(3, false, [robot({ state: "away" })]);
    hear(2);
    hear(3);
    expect(asked(news)).toBe(1);
    signalling.end();
  });

  test("and that nobody knew is nobody's news", () => {
    const { signalling, gone, news } = start();
    signalling.hear({ ...gone, type: "peer.away", session: stranger, backBy: 9 });
    expect(news).toEqual(["online"]);
    expect(signalling.peers()).toHaveLength(1);
  });
});

describe("an end", () => {
  test("with nothing sent and nothing received has no timer, says nothing in hello, and drops nothing when its peer ends", () => {
    const { clock, signalling, gone, dropped } = start();
    expect(clock.pending).toBe(0);
    expect(signalling.hello()).toStrictEqual({});
    signalling.hear({ ...gone, type: "peer.ended" });
    expect(dropped).toEqual([]);
  });

  test("leaves no timer when it ends", () => {
    const { clock, signalling, send } = start();
    send("a");
    expect(clock.pending).toBe(1);
    signalling.end();
    expect(clock.pending).toBe(0);
  });

  test("meets peers in a welcome that it did not know, and sends again to one with a new connection", () => {
    const { welcome, send, seqs, news } = start();
    send("a");
    seqs();
    welcome(3, false, [robot({ epoch: 4 }), robot({ session: robotOf(7), epoch: 1 })]);
    expect(news).toEqual(["online", "online", "online"]);
    expect(seqs()).toEqual([1]);
  });

  test("remembers the last 256 peers that ended, whose late frames must bring nobody back [P8]", () => {
    const { signalling, gone, online, news } = start([]);
    const end = (n: number) => signalling.hear({ ...gone, type: "peer.ended", session: robotOf(n), epoch: 1 });
    for (let n = 1; n <= 256; n += 1) end(n);
    online(robot({ session: robotOf(1) }));
    expect(news).toEqual([]);
    end(257);
    online(robot({ session: robotOf(2) }));
    expect(news).toEqual([]);
    online(robot({ session: robotOf(1) }));
    expect(news).toEqual(["online"]);
  });

  test("keeps as many signals of an unknown peer as a sender may have on the way, and hands each on once [S5]", () => {
    const { hear, online, handed, seqs } = start([]);
    for (let seq = 1; seq <= limits.signal.unacked + 1; seq += 1) hear(seq);
    online(robot());
    expect(handed).toHaveLength(limits.signal.unacked);
    seqs();
    online(robot({ epoch: 4 }));
    expect([handed.length, seqs()]).toEqual([limits.signal.unacked, []]);
  });
});

describe("what a peer says it received", () => {
  const received = (part: object) => ({ stream: 5, seq: 0, next: 3, ...part });
  const withSignal = (end: ReturnType<typeof start>, word: object) =>
    end.signalling.hear({ type: "signal", from: ids.robot, stream: 5, seq: 1, data: app("x"), received: received(word) });
  const withAck = (end: ReturnType<typeof start>, word: object) =>
    end.signalling.hear({ type: "ack", from: ids.robot, received: received(word) });

  test.each([
    ["with a signal that names a gap", withSignal, {}, [1, 2]],
    ["with a signal that names none", withSignal, { next: undefined }, []],
    ["with a signal, of another stream", withSignal, { stream: 4 }, []],
    ["with an ack that names a gap", withAck, {}, [1, 2]],
    ["with an ack, of another stream", withAck, { stream: 4 }, []],
  ] as const)("%s makes this end send what is missing alone [S9]", async (_, hear, word, again) => {
    const end = start();
    for (const body of ["a", "b", "c"]) end.send(body);
    await end.clock.advance(1_000);
    end.seqs();
    hear(end, word);
    expect(end.seqs().filter((one) => typeof one === "number")).toEqual(again);
  });

  test("with a signal is not sent again [S5]", async () => {
    const end = start();
    end.send("a");
    end.seqs();
    withSignal(end, { seq: 1, next: undefined });
    await end.clock.advance(minute);
    expect(end.seqs()).toEqual(["ack 1"]);
    expect(asked(end.news)).toBe(0);
  });
});

describe("a signal that was not delivered", () => {
  test("and is not the one that is kept is no news", () => {
    const { signalling, send, refuse, news } = start();
    send("a");
    refuse(2, "busy");
    signalling.hear({ type: "undelivered", to: ids.robot, stream: 4, seq: 1, reason: "busy" });
    signalling.hear({ type: "undelivered", to: stranger, stream: 5, seq: 1, reason: "busy" });
    expect(news).toEqual(["online"]);
  });

  test("as its peer is away waits for the peer, not for a second", async () => {
    const { clock, send, refuse, seqs, news } = start();
    send("a");
    refuse(1, "away");
    seqs();
    await clock.advance(limits.signal.unheardMs - 1);
    expect([seqs(), news]).toEqual([[], ["online", "undelivered away"]]);
  });

  test("as this end sent too many is busy, and sent again after a second [S10]", async () => {
    const { clock, signalling, send, out, seqs, news } = start();
    send("a");
    const [first] = out;
    signalling.hear(problemFrame(problem("rate.limited"), first && "id" in first ? first.id : undefined));
    seqs();
    await clock.advance(1_000);
    expect([seqs(), news]).toEqual([[1], ["online", "undelivered busy"]]);
  });
});
