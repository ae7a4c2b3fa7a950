import { problemFrame } from "@tether/protocol/frame/problem";
import type { SignalData } from "@tether/protocol/frame/signal";
import { limits } from "@tether/protocol/limits";
import { problem } from "@tether/protocol/problem";
import { describe, expect, test } from "vitest";
import { app, ids } from "./network.ts";
import { instance, robot, start } from "./rig.ts";

describe("sending", () => {
  test("numbers a stream from 1, under a number that is the sum of both epochs [S3, S3.1]", () => {
    const { send, out } = start();
    send("a");
    send("b");
    expect(out).toMatchObject([
      { stream: 5, seq: 1 },
      { stream: 5, seq: 2 },
    ]);
  });

  test("keeps its stream while both ends only change connections [S3]", () => {
    const { send, welcome, online, out, ack } = start();
    send("a");
    ack(1);
    welcome(9, false);
    online(robot({ epoch: 8 }));
    send("b");
    expect(out.at(-1)).toMatchObject({ stream: 5, seq: 2 });
  });

  test("sends what is unacknowledged again after a reconnect, not after a hand-over [S5] [S8]", () => {
    const { send, welcome, ack, seqs } = start();
    for (const body of ["a", "b", "c"]) send(body);
    ack(1);
    seqs();
    welcome(3, false);
    expect(seqs()).toEqual([]);
    welcome(4, true);
    expect(seqs()).toEqual([2, 3]);
  });

  test("sends a peer that came back what it has not received [S6]", () => {
    const { send, online, seqs } = start();
    for (const body of ["a", "b", "c"]) send(body);
    seqs();
    online(robot({ epoch: 4 }), 2);
    expect(seqs()).toEqual([3]);
  });

  test("drops what it kept for a peer that started afresh, says so, and begins a higher stream [S7]", () => {
    const { send, online, seqs, out, dropped, news } = start();
    send("a");
    seqs();
    online(robot({ epoch: 4, instance: instance(2) }));
    expect(dropped).toEqual([{ data: ["a"], why: "restarted" }]);
    expect(news).toEqual(["online", "restarted"]);
    send("b");
    expect(out).toMatchObject([{ stream: 6, seq: 1, data: { body: "b" } }]);
  });

  test("keeps a signal for a peer that is away until it is back", async () => {
    const { clock, signalling, gone, send, refuse, online, seqs } = start();
    send("a");
    seqs();
    refuse(1, "away");
    signalling.hear({ ...gone, type: "peer.away", backBy: 0 });
    send("b");
    await clock.advance(60_000);
    expect(seqs()).toEqual([]);
    online(robot({ epoch: 4 }), 0);
    expect(seqs()).toEqual([1, 2]);
  });

  test("asks about a peer it takes for away a minute after its backBy, then after 2, 4 … min, six times at most [S15]", async () => {
    const { clock, signalling, gone, news } = start();
    const graceMs = 120_000;
    // The welcome was at 0 by the broker's clock.
    signalling.hear({ ...gone, type: "peer.away", backBy: graceMs });
    const asked = () => news.filter((one) => one === "unacknowledged").length;
    await clock.advance(graceMs + 59_999);
    expect(asked()).toBe(0);
    await clock.advance(1);
    expect(asked()).toBe(1);
    for (const [index, minutes] of [2, 4, 8, 16, 32].entries()) {
      await clock.advance(minutes * 60_000 - 1);
      expect(asked()).toBe(index + 1);
      await clock.advance(1);
      expect(asked()).toBe(index + 2);
    }
    await clock.advance(24 * 3_600_000);
    expect(asked()).toBe(6);
  });

  test.each(["signal", "ack"] as const)(
    "asks about a peer it takes for away once when %s of it comes, and no more once it is online [S15]",
    async (type) => {
      const { clock, signalling, gone, send, hear, ack, online, news } = start();
      send("a");
      signalling.hear({ ...gone, type: "peer.away", backBy: 120_000 });
      for (let seq = 1; seq < 4; seq += 1) type === "signal" ? hear(seq) : ack(1);
      const asked = () => news.filter((one) => one === "unacknowledged").length;
      expect(asked()).toBe(1);
      online(robot({ epoch: 4 }), 1);
      await clock.advance(3_600_000);
      expect(asked()).toBe(1);
    },
  );

  test("sends again after a second what could not be delivered just then, and nothing else [S10.1]", async () => {
    const { clock, send, refuse, seqs } = start();
    send("a");
    send("b");
    seqs();
    refuse(2, "busy");
    await clock.advance(999);
    expect(seqs()).toEqual([]);
    await clock.advance(1);
    expect(seqs()).toEqual([2]);
  });

  test.each(["session.superseded", "session.expired", "unavailable", "internal"] as const)(
    "sends again after a second what was refused with %s, told by the frame's id [F4]",
    async (code) => {
      const { clock, signalling, send, out, seqs } = start();
      send("a");
      send("b");
      const [, second] = out;
      seqs();
      signalling.hear(problemFrame(problem(code), second?.id));
      signalling.hear(problemFrame(problem(code)));
      await clock.advance(1_000);
      expect(seqs()).toEqual([2]);
    },
  );

  test("takes a peer the broker does not know for gone", () => {
    const { signalling, send, out, dropped, news } = start();
    send("a");
    signalling.hear(problemFrame(problem("signal.target"), out[0]?.id));
    expect(dropped).toEqual([{ data: ["a"], why: "ended" }]);
    expect(news.at(-1)).toBe("ended");
  });

  test("drops what a peer that is gone will never get, and says so", () => {
    const { send, refuse, dropped, news } = start();
    send("a");
    refuse(1, "ended");
    expect(dropped).toEqual([{ data: ["a"], why: "ended" }]);
    expect(news).toEqual(["online", "undelivered ended", "ended"]);
    expect(send("b")).toEqual({ problem: "signal.target" });
  });

  test("sends from where an ack says, save what is still on its way [S9]", async () => {
    const { clock, send, ack, seqs } = start();
    for (const body of ["a", "b"]) send(body);
    await clock.advance(1_000);
    send("c");
    seqs();
    ack(1);
    expect(seqs()).toEqual([2]);
  });

  test("sends the oldest again while nobody acknowledges it, after 3, 6, 12 … s, and says each time that it is unacknowledged [S13]", async () => {
    const { clock, send, welcome, ack, news, seqs } = start();
    for (const body of ["a", "b"]) send(body);
    seqs();
    for (const waitMs of [3_000, 6_000, 12_000, 24_000, 48_000, 96_000]) {
      await clock.advance(waitMs - 1);
      expect(seqs()).toEqual([]);
      await clock.advance(1);
      expect(seqs()).toEqual([1]);
    }
    await clock.advance(3_600_000);
    expect([seqs(), news.filter((one) => one === "unacknowledged").length]).toEqual([[], 6]);
    welcome(3, true);
    expect(seqs()).toEqual([1, 2]);
    ack(2);
    await clock.advance(3_600_000);
    expect(seqs()).toEqual([]);
  });

  test("sends again what lies in the gap that a peer names, and nothing behind it [S9]", async () => {
    const { clock, send, signalling, seqs } = start();
    for (let n = 0; n < 6; n++) send(n);
    await clock.advance(1_000);
    seqs();
    signalling.hear({ type: "ack", from: ids.robot, received: { stream: 5, seq: 1, next: 4 } });
    expect(seqs()).toEqual([2, 3]);
    signalling.hear({ type: "signal", from: ids.robot, stream: 5, seq: 1, received: { stream: 5, seq: 1, next: 4 }, data: app("x") });
    expect(seqs()).toEqual([]);
  });

  test("is not made to send much by a peer that acknowledges nothing new, or names a gap that is none [S9]", async () => {
    const asked = async (received: { stream: number; seq: number; next?: number }) => {
      const { clock, send, signalling, out } = start();
      for (let n = 0; n < limits.signal.unacked; n++) send(n);
      out.length = 0;
      let acks = 0;
      for (; acks < 3_600; acks++) {
        await clock.advance(1_000);
        signalling.hear({ type: "ack", from: ids.robot, received });
      }
      return out.length / acks;
    };
    const { resends, resendWindow, unacked } = limits.signal;
    expect(await asked({ stream: 5, seq: 0 })).toBe(resends / 3_600);
    expect(await asked({ stream: 5, seq: 0, next: unacked + 1 })).toBe((resends * resendWindow) / 3_600);
  });

  test("sends everything unacknowledged again a second after the gateway lost some frame [F10]", async () => {
    const { clock, signalling, send, seqs } = start();
    for (const body of ["a", "b"]) send(body);
    seqs();
    signalling.failed();
    await clock.advance(1_000);
    expect(seqs()).toEqual([1, 2]);
  });

  test.each([
    [limits.signal.dataBytes, undefined],
    [limits.signal.dataBytes + 1, { problem: "frame.too-large" }],
  ])("answers for data of %i bytes: %o", (bytes, answer) => {
    const { send } = start();
    const overhead = JSON.stringify(app("")).length;
    expect(send("x".repeat(bytes - overhead))).toEqual(answer);
  });

  test("refuses what the broker would refuse, and more than a peer may leave unacknowledged [S5, S5.1]", () => {
    const { send, signalling } = start();
    const refused = { problem: "frame.invalid", fields: ["data"] };
    expect(send(1n)).toEqual(refused);
    const wrong = { kind: "offer" } as unknown as SignalData;
    expect(signalling.send(ids.robot, wrong)).toEqual(refused);
    for (let n = 0; n < limits.signal.unacked; n += 1) expect(send(n)).toBeUndefined();
    expect(send("one more")).toEqual({ problem: "signal.backlog" });
  });

  test("drops all and starts over when its own session is a new one", () => {
    const { send, welcome, dropped, out } = start();
    send("a");
    welcome(1, true, [robot()], ids.client.replace(/0$/, "1") as typeof ids.client);
    expect(dropped).toEqual([{ data: ["a"], why: "replaced" }]);
    send("b");
    expect(out.at(-1)).toMatchObject({ stream: 4, seq: 1 });
  });
});
