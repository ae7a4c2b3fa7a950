import { createVirtualClock } from "@tether/local/clock/virtual";
import type { MonitorEvents } from "@tether/sdk/client";
import { createEmitter } from "@tether/sdk/session/emitter";
import { expect, test } from "vitest";
import { connectionStatus } from "../../src/monitor/connection-status.ts";
import { maxLines } from "../../src/monitor/log.ts";
import { counted, noRates, overSeconds, perMinute } from "../../src/monitor/rate.ts";
import { createRecorder, showEveryMs } from "../../src/monitor/recorder.ts";
import { begin, seen } from "./seen.ts";

/** A monitor of which the test says what it sees. */
function createSource() {
  const { on, emit } = createEmitter<MonitorEvents>();
  let isOn = false;
  return {
    get isOn() {
      return isOn;
    },
    on,
    sees: (...frames: MonitorEvents["seen"][]) => {
      for (const frame of frames) emit("seen", frame);
    },
    becomes(now: boolean) {
      isOn = now;
      emit("changed", { isOn });
    },
  };
}

function start() {
  const clock = createVirtualClock({ startAt: begin, idle: async () => undefined });
  const recorder = createRecorder(clock);
  const source = createSource();
  const leave = recorder.follow(source);
  let drawn = 0;
  recorder.subscribe(() => drawn++);
  return { clock, recorder, source, leave, drawn: () => drawn, lines: () => recorder.view().log.lines };
}

test("however much comes, it is drawn five times a second", async () => {
  const { clock, recorder, source, drawn, lines } = start();
  source.becomes(true);
  const before = drawn();
  for (let ms = 0; ms < 1_000; ms += 10) {
    source.sees(seen(ms / 1_000), seen(ms / 1_000));
    await clock.advance(10);
  }
  expect([drawn() - before, lines().length]).toEqual([1_000 / showEveryMs, 200]);
  expect(perMinute(recorder.view().rates, clock.now())).toEqual([{ kind: "offer", count: 200 }]);
});

test("a flood between two drawings is not held back without bound", () => {
  const { source, lines } = start();
  source.becomes(true);
  source.sees(...Array.from({ length: maxLines }, (_, n) => seen(n)));
  expect(lines()).toHaveLength(maxLines);
});

test("a time in which nothing could be seen is a line of its own, but not before the first look", async () => {
  const { clock, recorder, source, leave, lines } = start();
  await clock.advance(5_000);
  source.becomes(true);
  source.sees(seen(5));
  source.becomes(false);
  expect(recorder.view().isOn).toBe(false);
  expect(lines()).toHaveLength(1);
  await clock.advance(2_000);
  source.becomes(true);
  expect(lines()[1]).toMatchObject({ gap: { from: begin + 5_000, to: begin + 7_000 } });
  leave();
  source.sees(seen(7));
  source.becomes(true);
  expect(recorder.view().isOn).toBe(false);
  await clock.advance(1_000);
  const next = createSource();
  next.becomes(true);
  recorder.follow(next);
  expect(lines()).toHaveLength(3);
  expect(lines()[2]).toMatchObject({ gap: { from: begin + 7_000, to: begin + 8_000 } });
});

test("pause, resume and clear take with them what was not drawn yet", () => {
  const { recorder, source, lines } = start();
  source.becomes(true);
  source.sees(seen(1));
  recorder.pause();
  source.sees(seen(2));
  expect(lines()).toHaveLength(1);
  recorder.resume();
  expect(lines()).toHaveLength(2);
  source.sees(seen(3));
  recorder.clear();
  expect(recorder.view().log).toMatchObject({ lines: [], waiting: [], news: 0 });
});

test("rates are of the last minute, to the second", () => {
  let rates = counted(noRates, ["offer", "candidate", "candidate"], begin);
  rates = counted(rates, ["offer"], begin + 500);
  rates = counted(rates, ["ack"], begin + 30_000);
  expect(perMinute(rates, begin + 30_000).map(({ kind, count }) => [kind, count])).toEqual([
    ["candidate", 2],
    ["offer", 2],
    ["ack", 1],
  ]);
  const minute = overSeconds * 1_000;
  expect(perMinute(rates, begin + minute - 1).length).toBe(3);
  expect(perMinute(rates, begin + minute)).toEqual([{ kind: "ack", count: 1 }]);
  for (let second = 0; second < 600; second++) rates = counted(rates, ["offer"], begin + second * 1_000);
  expect(rates).toHaveLength(overSeconds);
});

test("the page says how its own connection stands, and what to do where it does not see", () => {
  const why = { says: "The service could not be reached.", remedy: "Look at the network." };
  const of = (status: "online" | "waiting" | "stopped" | undefined, isOn = false) => connectionStatus({ status, why, isOn });
  expect([of(undefined), of("online", true)]).toEqual([
    { tone: "quiet", word: "Connecting …", isOver: false },
    { tone: "good", word: "Live", isOver: false },
  ]);
  expect(of("waiting").trouble).toEqual({
    tone: "warn",
    says: why.says,
    remedy: "Look at the network. What is sent meanwhile is not seen.",
  });
  expect([of("stopped"), of("online")].map(({ isOver, trouble }) => [isOver, trouble?.tone])).toEqual([
    [true, "bad"],
    [true, "warn"],
  ]);
});
