import type { FromBroker } from "@tether/protocol/frame";
import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { ids } from "./network.ts";
import { robot, start } from "./rig.ts";

describe("receiving", () => {
  test("hands on in order, each once [S4]", () => {
    const { hear, handed } = start();
    for (const seq of [2, 1, 1, 3, 2]) hear(seq);
    expect(handed).toEqual(["5.1", "5.2", "5.3"]);
  });

  test("begins again with a higher stream and drops a lower one [S4]", () => {
    const { hear, handed } = start();
    hear(1, 5);
    hear(1, 6);
    hear(2, 5);
    hear(2, 6);
    expect(handed).toEqual(["5.1", "6.1", "6.2"]);
  });

  test("says how far it got in whatever it sends, and in hello [S5]", () => {
    const { hear, send, out, signalling } = start();
    hear(1);
    send("a");
    expect(out).toMatchObject([{ type: "signal", received: { stream: 5, seq: 1 } }]);
    expect(signalling.hello()).toEqual({ [ids.robot]: { stream: 5, seq: 1 } });
  });

  test("says so when a gap lasts for a second, and again after twice as long each time, six times in all [S9]", async () => {
    const { clock, hear, out, seqs } = start();
    hear(1);
    hear(3);
    for (const waitMs of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000]) {
      await clock.advance(waitMs - 1);
      expect(seqs()).toEqual([]);
      await clock.advance(1);
      expect(out.splice(0)).toEqual([{ type: "ack", to: ids.robot, received: { stream: 5, seq: 1, next: 3 } }]);
    }
    await clock.advance(600_000);
    expect(seqs()).toEqual([]);
    hear(2);
    await clock.advance(5_000);
    expect(seqs()).toEqual(["ack 3"]);
  });

  test("acknowledges 32 signals it had no answer to, and no fewer [S9]", () => {
    const { hear, send, seqs } = start();
    for (let seq = 1; seq < limits.signal.ackEvery; seq += 1) hear(seq);
    expect(seqs()).toEqual([]);
    hear(32);
    expect(seqs()).toEqual(["ack 32"]);
    hear(33);
    send("a");
    for (let seq = 34; seq < 33 + limits.signal.ackEvery; seq += 1) hear(seq);
    expect(seqs()).toEqual([1]);
  });

  test("acknowledges what it has no answer to within a second, and at once what it had already [S14]", async () => {
    const { clock, hear, send, seqs } = start();
    hear(1);
    await clock.advance(999);
    expect(seqs()).toEqual([]);
    await clock.advance(1);
    expect(seqs()).toEqual(["ack 1"]);
    hear(1);
    expect(seqs()).toEqual(["ack 1"]);
    hear(2);
    send("a");
    await clock.advance(2_000);
    expect(seqs()).toEqual([1]);
  });

  test("waits with signals of someone it has not been told of", () => {
    const { hear, online, handed, news } = start([]);
    hear(2);
    hear(1);
    expect(handed).toEqual([]);
    online(robot());
    expect(handed).toEqual(["5.1", "5.2"]);
    expect(news).toEqual(["online"]);
  });

  test("ignores late word of an earlier epoch, and late signals of a peer that ended [P8]", () => {
    const { signalling, gone, online, hear, handed, news } = start();
    online(robot({ epoch: 4 }));
    signalling.hear({ ...gone, type: "peer.away", backBy: 0 });
    signalling.hear({ ...gone, type: "peer.ended", epoch: 4 });
    hear(1);
    online(robot({ epoch: 4 }));
    expect(news).toEqual(["online", "online", "ended"]);
    expect(handed).toEqual([]);
    expect(signalling.peers()).toEqual([]);
  });

  test("leaves a peer away when the word that it is online comes after the word that it went [P8]", () => {
    const { signalling, gone, online, news } = start();
    signalling.hear({ ...gone, type: "peer.away", epoch: 3, backBy: 0 });
    online(robot());
    expect([news, signalling.peers().map(({ state }) => state)]).toEqual([["online", "away"], ["away"]]);
  });

  test("believes word of a peer that came after hello over a welcome that does not know of it [P8]", () => {
    const { signalling, welcome, online, news } = start();
    signalling.hello();
    online(robot({ epoch: 4 }));
    welcome(3, true, []);
    expect(news).toEqual(["online", "online"]);
    signalling.hello();
    welcome(4, true, []);
    expect(news).toEqual(["online", "online", "ended"]);
  });

  test("learns from welcome who is gone and who is away", () => {
    const { welcome, news } = start();
    welcome(3, true, [robot({ state: "away", backBy: 7 })]);
    welcome(4, true, []);
    expect(news).toEqual(["online", "away", "ended"]);
  });

  test("ignores frames that are not about signals [F3]", () => {
    const { signalling, out, news } = start();
    const frame: FromBroker = { type: "auth.expired", closesAt: 0 };
    signalling.hear(frame);
    expect([out, news]).toEqual([[], ["online"]]);
  });
});
