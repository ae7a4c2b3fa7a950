import { describe, expect, test } from "vitest";
import { createVirtualClock } from "../../../sdk/test/virtual-clock.ts";
import { bounds, nextAllowance, type PathMemory, stepMs } from "../../src/media/allowance.ts";
import { createDelivery } from "../../src/media/delivery.ts";
import type { Arrival } from "../../src/media/rtcp.ts";
import { createEmulatedPath, type Link, seeded } from "../flow/emulated-path.ts";

/** The receiver's clock has nothing to do with the sender's. */
const receiverAheadMs = -1e6;
const packetBytes = 1_200;
const most = 2_000_000;

/** A sender that always uses what it may, over an emulated path to a receiver that reports every 100 ms. */
function sender(link: Partial<Link> = {}) {
  const clock = createVirtualClock();
  const path = createEmulatedPath({ clock, random: seeded(5) }, { delayMs: 20, loss: 0, rate: undefined, ...link });
  const delivery = createDelivery(clock);
  let memory: PathMemory = { allowance: most };
  let arrivals = new Map<number, number>();
  let [reported, sentBytes, sent] = [0, 0, 0];
  const numbers: number[] = [];

  function send(): void {
    clock.after((packetBytes * 8_000) / memory.allowance, send);
    const sequence = delivery.send(packetBytes);
    numbers.push(sequence);
    sentBytes += packetBytes;
    path.carry(Buffer.alloc(packetBytes, 0x80), "page", () => arrivals.set(sequence, clock.now() + receiverAheadMs));
  }

  /** All up to the newest that came: those between that did not are lost. */
  function report(): void {
    clock.after(100, report);
    const newest = numbers.findLastIndex((sequence) => arrivals.has(sequence));
    const told = numbers.slice(reported, newest + 1).map((sequence): Arrival => ({ sequence, at: arrivals.get(sequence) }));
    reported = Math.max(reported, newest + 1);
    arrivals = new Map();
    clock.after(20, () => delivery.arrived(told));
  }

  function step(): void {
    clock.after(stepMs, step);
    sent = sent * 0.6 + ((sentBytes * 8_000) / stepMs) * 0.4;
    sentBytes = 0;
    memory = nextAllowance(memory, most, { estimate: undefined, lost: 0, sent, delivered: delivery.take() });
  }

  send();
  report();
  step();
  return { clock, path, allowance: () => memory.allowance };
}

/** The least and the most that was allowed in so many seconds. */
async function range({ clock, allowance }: ReturnType<typeof sender>, seconds: number): Promise<readonly [number, number]> {
  const seen: number[] = [];
  for (let times = 0; times < seconds * 5; times += 1) {
    await clock.advance(stepMs);
    seen.push(allowance());
  }
  return [Math.min(...seen), Math.max(...seen)];
}

describe("a path", () => {
  test("that bears all is used whole, whatever the receiver's clock says", async () => {
    expect(await range(sender(), 30)).toEqual([most, most]);
  });

  test("on which packets are lost by chance is used whole", async () => {
    expect(await range(sender({ loss: 0.05 }), 30)).toEqual([most, most]);
  });

  test.each([1_200_000, 500_000])(
    "that shrinks to %i bit/s is used as far as it bears, without packets lost for long, and whole again within 15 s",
    async (rate) => {
      const one = sender();
      await range(one, 5);
      one.path.become({ rate });
      await range(one, 3);
      const droppedBefore = one.path.counted.dropped;
      const [least, highest] = await range(one, 20);
      expect(one.path.counted.dropped).toBe(droppedBefore);
      expect(least).toBeGreaterThan(rate * 0.4);
      expect(highest).toBeLessThan(rate * 1.25);
      one.path.become({ rate: undefined });
      await range(one, 13);
      expect(one.allowance()).toBeGreaterThan(most * 0.8);
    },
  );

  test("that bears less than the least keeps the least", async () => {
    const one = sender({ rate: 100_000 });
    await range(one, 20);
    expect(one.allowance()).toBe(bounds.least);
  });
});

describe("what was delivered", () => {
  test("is nothing where no packet was reported, and each packet counts once", () => {
    const clock = createVirtualClock();
    const delivery = createDelivery(clock);
    expect(delivery.take()).toBeUndefined();
    const sequence = delivery.send(1_000);
    delivery.arrived([{ sequence: 77, at: 5 }]);
    expect(delivery.take()).toBeUndefined();
    delivery.arrived([{ sequence, at: 5 }]);
    delivery.arrived([{ sequence, at: undefined }]);
    expect(delivery.take()).toEqual({ queueMs: 0, received: 0, lost: 0 });
    expect(delivery.take()).toBeUndefined();
  });

  test("is numbered on after 65,535", () => {
    const delivery = createDelivery(createVirtualClock());
    const numbers = Array.from({ length: 65_537 }, () => delivery.send(1));
    expect(numbers.slice(-2)).toEqual([65_535, 0]);
    delivery.arrived([{ sequence: 0, at: undefined }]);
    expect(delivery.take()).toMatchObject({ lost: 1 });
  });

  test("is measured on when the receiver's clock begins again", async () => {
    const clock = createVirtualClock();
    const delivery = createDelivery(clock);
    const arrive = async (at: number) => {
      const sequence = delivery.send(1_000);
      await clock.advance(10);
      delivery.arrived([{ sequence, at }]);
    };
    const half = 2 ** 23 * 64;
    for (const at of [half - 20, half - 10, -half, 10 - half, 20 - half]) await arrive(at);
    expect(delivery.take()).toEqual({ queueMs: 0, received: (2_000 * 8_000) / 20, lost: 0 });
  });

  test("tells how long the quickest packet waited, and at which rate they came", async () => {
    const clock = createVirtualClock();
    const delivery = createDelivery(clock);
    const first = [delivery.send(1_000), delivery.send(1_000)];
    delivery.arrived(first.map((sequence) => ({ sequence, at: 100 })));
    delivery.take();
    await clock.advance(100);
    const next = [delivery.send(1_000), delivery.send(1_000), delivery.send(1_000), delivery.send(1_000)];
    delivery.arrived([240, 250, 260, undefined].map((at, index) => ({ sequence: next[index] ?? -1, at })));
    // 200 ms were to be expected; 5,000 bytes but the first packet's in 160 ms.
    expect(delivery.take()).toEqual({ queueMs: 40, received: (4_000 * 8_000) / 160, lost: 0.25 });
  });
});
