import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { countHerd, peakOf } from "../../src/measure/herd.ts";
import { inLab } from "../../src/measure/lab.ts";

/** Robots and quotas are a tenth of what `npm run measure -- --herd 2000` measures, so that the herd meets all of them as much. */
const [robots, share] = [200, 0.1];
const connectsPerSecond = limits.gateway.connectsPerSecond * share;

test("200 robots that lose their sockets at once are back within 25 s at 50 connections a second, none refused over and over [E2, E7]", async () => {
  const { kept, back, refusals, seconds, after } = await inLab((lab) => countHerd(lab, robots), { share });
  process.stdout.write(
    `${robots} robots back: half ${back.half} ms, 95 % ${back.most} ms, all ${back.last} ms; refused ${refusals} times at most\n`,
  );
  expect(kept).toBe(robots);
  expect(back.last).toBeLessThanOrEqual(25_000);
  // The bucket holds one second's worth, so the first second lets in two.
  let connects = 0;
  for (const [n, asked] of seconds.entries()) {
    connects += asked.connects;
    expect(connects).toBeLessThanOrEqual(connectsPerSecond * (n + 2));
  }
  // Refusals are at the API, where they ask for nothing; who has a ticket is let in, so nobody needs a second one.
  const sum = (what: "tickets" | "connectsRefused") => seconds.reduce((total, asked) => total + asked[what], 0);
  expect([connects, sum("tickets"), sum("connectsRefused")]).toEqual([robots, robots, 0]);
  // The refusals are over after five seconds, and nobody saw many.
  const refused = seconds.map(({ ticketsRefused }) => ticketsRefused);
  expect(refused[0]).toBeGreaterThan(robots / 4);
  expect(refused.slice(5).filter((count) => count > 0)).toEqual([]);
  expect(refusals).toBeLessThanOrEqual(6);
  expect(after).toEqual(Object.fromEntries(Object.keys(after).map((what) => [what, 0])));
  // Five times as many robots need no more a second: the rate of tickets bounds it.
  expect(peakOf(seconds.slice(1)).tickets).toBeLessThanOrEqual(connectsPerSecond * limits.admission.share);
});
