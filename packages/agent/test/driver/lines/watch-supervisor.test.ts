import { createVirtualClock } from "@tether/local/clock/virtual";
import { describe, expect, test } from "vitest";
import { supervisorMs, watchSupervisor } from "../../../src/driver/lines/watch-supervisor.ts";
import { beatMs } from "../../../src/supervisor/supervise.ts";

/** A supervisor that answers each beat until the test says otherwise, and for how long it was silent when it was found to hang. */
function start() {
  const clock = createVirtualClock({ startAt: 0, idle: async () => {} });
  const found: number[] = [];
  let silentAt: number | undefined;
  const watch = watchSupervisor({ clock, onceRead: (run) => run(), hung: () => void found.push(clock.now() - (silentAt ?? clock.now())) });
  const beat = () => {
    watch.sent({ type: "beat" });
    if (silentAt === undefined) watch.heard();
  };
  return {
    watch,
    found,
    clock,
    hang() {
      silentAt = clock.now();
    },
    give: (kind: "command" | "stop", id: number) => watch.sent({ type: "message", kind, id, json: "{}" }),
    async live(ms: number) {
      for (let passed = 0; passed < ms && found.length === 0; passed += beatMs) {
        await clock.advance(beatMs);
        beat();
      }
    },
  };
}

describe("a supervisor that answers no beat", () => {
  test("hangs after a second while the robot may move, and later while it stands", async () => {
    const moving = start();
    moving.watch.started();
    moving.give("command", 1);
    await moving.live(5_000);
    moving.hang();
    await moving.live(60_000);
    expect(moving.found).toEqual([supervisorMs.moving + beatMs]);

    const still = start();
    still.watch.started();
    for (const kind of ["command", "stop"] as const) still.give(kind, kind === "command" ? 1 : 2);
    still.watch.done(2);
    still.hang();
    await still.live(60_000);
    expect(still.found).toEqual([supervisorMs.still + beatMs]);
  });

  test("hangs soon where the driver had not answered the stop, or got a command since", async () => {
    for (const prepare of [
      ({ give }: ReturnType<typeof start>) => give("stop", 2),
      ({ give, watch }: ReturnType<typeof start>) => {
        give("stop", 2);
        watch.done(2);
        give("command", 3);
      },
    ]) {
      const one = start();
      one.watch.started();
      one.give("command", 1);
      one.watch.done(1);
      prepare(one);
      one.hang();
      await one.live(60_000);
      expect(one.found).toEqual([supervisorMs.moving + beatMs]);
    }
  });

  test("may still wait for the driver of the run before, and is given the time that this process stood still itself", async () => {
    const waiting = start();
    waiting.hang();
    await waiting.live(160_000);
    expect(waiting.found).toEqual([]);

    const frozen = start();
    frozen.watch.started();
    frozen.give("command", 1);
    await frozen.live(1_000);
    frozen.hang();
    frozen.watch.sent({ type: "beat" });
    await frozen.clock.advance(60_000);
    frozen.watch.sent({ type: "beat" });
    expect(frozen.found).toEqual([]);
  });
});
