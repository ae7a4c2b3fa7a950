import { expect, test } from "vitest";
import { createVirtualClock } from "../../../sdk/test/virtual-clock.ts";
import { frozenMs, watchFrames } from "../../src/drive/frame-watch.ts";

function start() {
  const clock = createVirtualClock();
  const begun = clock.now();
  const seen: [string, number][] = [];
  return { clock, seen, watch: watchFrames(clock, (is, since) => seen.push([is, since - begun])) };
}

test("a picture is live while new ones come, and frozen once none came for a second", async () => {
  const { clock, seen, watch } = start();
  for (let at = 0; at < 3_000; at += 500) {
    watch.frame();
    await clock.advance(500);
  }
  expect(seen).toEqual([["live", 0]]);
  await clock.advance(frozenMs - 501);
  expect(seen).toHaveLength(1);
  await clock.advance(1);
  expect(seen.at(-1)).toEqual(["frozen", 2_500]);
  watch.frame();
  expect(seen.at(-1)?.[0]).toBe("live");
});

test("while nobody looks nothing is shown, which is no freezing; who looks again sees the last one, which is old", async () => {
  const { clock, seen, watch } = start();
  watch.frame();
  watch.hidden();
  await clock.advance(60_000);
  expect(seen).toHaveLength(1);
  watch.looking();
  expect(seen.at(-1)).toEqual(["frozen", 0]);
  watch.frame();
  watch.hidden();
  await clock.advance(frozenMs - 1);
  watch.looking();
  expect(seen.at(-1)?.[0]).toBe("live");
  await clock.advance(1);
  expect(seen.at(-1)?.[0]).toBe("frozen");
});

test("a picture that the browser holds still is old at once", async () => {
  const { clock, seen, watch } = start();
  watch.halted();
  expect(seen).toEqual([]);
  watch.frame();
  await clock.advance(100);
  watch.halted();
  expect(seen.at(-1)).toEqual(["frozen", 0]);
});

test("a picture that is gone is neither", async () => {
  const { clock, seen, watch } = start();
  watch.frame();
  watch.gone();
  await clock.advance(60_000);
  expect(seen.map(([is]) => is)).toEqual(["live", "none"]);
});
