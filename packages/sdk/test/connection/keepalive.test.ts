import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { sleptMs } from "../../src/connection/keepalive.ts";
import { heartbeat } from "../../src/connection/socket.ts";
import { patienceMs } from "../../src/connection/work.ts";
import { welcome } from "./example.ts";
import { minute, start, typesOf } from "./started.ts";

describe("a connection", () => {
  test("sends half as many keepalives where the socket pings the link by itself [E4]", async () => {
    const { clock, last, greet, at } = await start({ fraction: () => 0.5, canPing: true });
    await greet();
    for (let beat = 0; beat < limits.keepalive.pinging.everyMs / heartbeat.everyMs - 1; beat++) {
      await clock.advance(heartbeat.everyMs);
      at(0).onpong?.();
    }
    expect(typesOf(last().sent)).toEqual(["hello"]);
    await clock.advance(heartbeat.everyMs);
    expect(typesOf(last().sent)).toEqual(["hello", "ping"]);
  });

  test.each([
    [0, 0.9],
    [0.5, 1],
    [0.999_999, 1.1],
  ])("sends a keepalive every 4 min ± 10 %: drawn %d [E4]", async (drawn, share) => {
    const { clock, last, greet } = await start({ fraction: () => drawn });
    await greet();
    await clock.advance(limits.keepalive.everyMs * share - 1);
    expect(typesOf(last().sent)).toEqual(["hello"]);
    await clock.advance(1);
    expect(typesOf(last().sent)).toEqual(["hello", "ping"]);
    await clock.advance(limits.keepalive.everyMs * share * 3);
    expect(typesOf(last().sent)).toEqual(["hello", "ping", "ping", "ping", "ping"]);
  });

  /** Plays an hour behind a proxy that cuts a socket on which nothing was sent for `idleMs`, and counts its cuts. */
  async function playProxy(idleMs: number, options: Parameters<typeof start>[0] = {}) {
    const end = await start(options);
    let [cuts, epoch, seen, silentMs] = [0, 1, 0, 0];
    await end.greet();
    for (let second = 0; second < 3_600; second += 1) {
      await end.clock.advance(1_000);
      const socket = end.last();
      silentMs = socket.sent.length === seen ? silentMs + 1_000 : 0;
      seen = socket.sent.length;
      if (silentMs < idleMs) continue;
      cuts += 1;
      epoch += 1;
      await socket.breaks();
      await end.clock.advance(15_000);
      await end.greet(epoch);
      [seen, silentMs] = [end.last().sent.length, 0];
    }
    return { ...end, cuts };
  }

  test.each([30, 60, 120, 200])(
    "is cut twice by a proxy that drops sockets silent for %i s, and then stays below it [E12]",
    async (seconds) => {
      const drawn = [0, 0.999_999];
      const { cuts } = await playProxy(seconds * 1_000, { fraction: () => drawn.reverse()[0] ?? 0 });
      expect(cuts).toBe(2);
    },
  );

  test("changes nothing where no silence is too long [E12]", async () => {
    const { cuts, last } = await playProxy(10 * minute);
    expect([cuts, typesOf(last().sent).filter((type) => type === "ping").length]).toEqual([0, 15]);
  });

  test("pings where the socket can, and takes one that misses two for broken", async () => {
    const { clock, last, greet, at, states } = await start({ canPing: true });
    await greet();
    await clock.advance(heartbeat.everyMs);
    at(0).onpong?.();
    await clock.advance(2 * heartbeat.everyMs);
    expect(at(0).pings).toBe(3);
    expect(last().closed).toBe(false);
    await clock.advance(heartbeat.everyMs);
    expect(at(0).closed).toBe(true);
    expect(states).toContain("waiting");
  });

  test("asks whether its socket survived when time jumped, and replaces it when nothing answers", async () => {
    const { clock, last, greet, states, arrivals, at } = await start();
    await greet();
    clock.sleep(limits.keepalive.everyMs + sleptMs + 1);
    await clock.advance(0);
    expect(typesOf(last().sent)).toEqual(["hello", "ping", "hello"]);
    await last().says(welcome({ at: clock.now() }));
    expect(arrivals).toEqual(["reconnected", "asked"]);
    clock.sleep(limits.keepalive.everyMs + sleptMs + 1);
    await clock.advance(patienceMs.probing);
    expect(at(0).closed).toBe(true);
    expect(states.at(-1)).toBe("waiting");
  });
});
