import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createNetwork, type Name } from "./network.ts";

type Network = ReturnType<typeof createNetwork>;
const name = fc.constantFrom<Name>("client", "robot");
const index = fc.nat(1_000);

const step = fc.oneof(
  { weight: 8, arbitrary: name.map((who) => (net: Network) => net.send(who)) },
  { weight: 8, arbitrary: index.map((at) => (net: Network) => net.deliver(at)) },
  { weight: 2, arbitrary: index.map((at) => (net: Network) => net.double(at)) },
  { weight: 2, arbitrary: index.map((at) => (net: Network) => net.refuse(at)) },
  { weight: 1, arbitrary: index.map((at) => (net: Network) => net.fail(at)) },
  { weight: 2, arbitrary: index.map((at) => (net: Network) => net.drop(at)) },
  { weight: 2, arbitrary: fc.nat(1_500).map((ms) => (net: Network) => net.clock.advanceNow(ms)) },
  { weight: 1, arbitrary: name.map((who) => (net: Network) => net.handOver(who)) },
);
const steps = fc.array(step, { maxLength: 60 });
const fate = fc.func(fc.boolean());

function play(net: Network, moves: readonly ((net: Network) => void)[]): void {
  for (const move of moves) move(net);
}

const lossy = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: name.map((who) => (net: Network) => net.send(who)) },
    { weight: 2, arbitrary: index.map((at) => (net: Network) => net.deliver(at)) },
    { weight: 3, arbitrary: index.map((at) => (net: Network) => net.drop(at)) },
    { weight: 1, arbitrary: fc.nat(4_000).map((ms) => (net: Network) => net.clock.advanceNow(ms)) },
  ),
  { maxLength: 60 },
);

describe("two ends of signalling", () => {
  test("hand signals on exactly once and in order though any frame is lost, the last included [S9] [S13] [S14]", () => {
    const property = fc.property(lossy, name, (moves, who) => {
      const net = createNetwork();
      play(net, moves);
      net.send(who);
      net.flying.length = 0;
      net.quiesce();
      expect(net.ends.robot.handed).toEqual([net.sent.client]);
      expect(net.ends.client.handed).toEqual([net.sent.robot]);
    });
    fc.assert(property, { numRuns: 1_000 });
  });

  test("hand signals on exactly once and in order over a reconnect of each, whatever frame is lost [S3] [S4] [S5] [S6] [S8] [S9] [S15]", () => {
    const property = fc.property(steps, steps, steps, fate, fate, fc.boolean(), (first, second, third, lostA, lostB, away) => {
      const net = createNetwork();
      play(net, first);
      if (away) net.goAway("client", lostA);
      play(net, second.slice(0, 20));
      net.reconnect("client", lostA);
      play(net, second);
      if (away) net.goAway("robot", lostB);
      play(net, third.slice(0, 20));
      net.reconnect("robot", lostB);
      play(net, third);
      net.quiesce();
      expect(net.ends.robot.handed).toEqual([net.sent.client]);
      expect(net.ends.client.handed).toEqual([net.sent.robot]);
      expect([...net.ends.robot.dropped, ...net.ends.client.dropped]).toEqual([]);
    });
    fc.assert(property, { numRuns: 1_000 });
  });

  test.each(["client", "robot"] as const)("begin a new stream when the %s starts afresh, and lose nothing in silence [S3] [S7]", (who) => {
    const property = fc.property(steps, steps, fate, (before, after, lost) => {
      const net = createNetwork();
      const survivor = who === "client" ? "robot" : "client";
      play(net, before);
      const beforeIt = net.sent[who].length;
      net.startAfresh(who, lost);
      play(net, after);
      net.quiesce();
      const [old = [], young = []] = net.ends[who].handed;
      const arrived = new Set([...old, ...young, ...net.ends[survivor].dropped]);
      expect(net.sent[survivor].filter((body) => !arrived.has(body))).toEqual([]);
      for (const handed of [old, young]) expect(handed).toEqual([...new Set(handed)].sort((a, b) => a - b));
      const heard = net.ends[survivor].handed.flat();
      expect(heard).toEqual([...new Set(heard)].sort((a, b) => a - b));
      expect(heard.filter((body) => net.sent[who].indexOf(body) >= beforeIt)).toEqual(net.sent[who].slice(beforeIt));
      const dropped = new Set(net.ends[survivor].dropped);
      const kept = net.sent[survivor].filter((body) => !dropped.has(body) && !old.includes(body));
      expect(young.filter((body) => kept.includes(body))).toEqual(kept);
    });
    fc.assert(property, { numRuns: 1_000 });
  });
});
