import type { ToBroker } from "@tether/protocol/frame";
import type { ManoeuvreReport } from "@tether/protocol/manoeuvre-report";
import { expect, test } from "vitest";
import { createManoeuvreReporter } from "../../../src/control/guard/manoeuvre-reporter.ts";
import { createBroker } from "../../../src/session/broker.ts";
import { welcome } from "../../connection/example.ts";
import { createVirtualClock } from "../../virtual-clock.ts";

const done = { reason: "deadman", latencyMs: 300, stages: [{ stage: "slow", became: "done", tookMs: 300 }] } as const;
const of = (reason: "deadman" | "blind" = "deadman") => ({ ...done, reason, stages: [...done.stages] });

/** The broker's clock is an hour ahead. */
const aheadMs = 3_600_000;

function start({ isOnline = true } = {}) {
  const clock = createVirtualClock();
  const sent: ToBroker[] = [];
  const broker = createBroker(clock, (frame) => void sent.push(frame));
  const arrive = () => broker.welcomed(welcome({ at: clock.now() + aheadMs }));
  if (isOnline) arrive();
  const reporter = createManoeuvreReporter(broker, clock);
  /** The reports since this was asked last. */
  const reports = () => sent.splice(0).map((frame) => (frame.type === "report" ? (frame.manoeuvre as ManoeuvreReport) : undefined));
  return { clock, broker, reporter, arrive, reports };
}

test("the stages of a stop are told at once, with when they began by the broker's clock [P14]", () => {
  const { clock, reporter, reports } = start();
  reporter.add(of(), 300);
  expect(reports()).toEqual([{ ...of(), beganAt: clock.now() - 300 + aheadMs }]);
});

test("what came without a connection is told at the next welcome, with when it was [P14]", async () => {
  const { clock, broker, reporter, arrive, reports } = start();
  broker.lost();
  reporter.add(of(), 0);
  const beganAt = clock.now() + aheadMs;
  await clock.advance(60_000);
  expect(reports()).toEqual([]);
  arrive();
  expect(reports()).toMatchObject([{ beganAt }]);
});

test("what was told on a connection is told once more at the next welcome, word for word, and then no more [P14]", async () => {
  const { clock, broker, reporter, arrive, reports } = start();
  reporter.add(of(), 0);
  const [first] = reports();
  await clock.advance(20_000);
  broker.lost();
  arrive();
  expect(reports()).toEqual([first]);
  broker.lost();
  arrive();
  expect(reports()).toEqual([]);
});

test("the same outcome is told once in 10 s, another one at once [P14]", async () => {
  const { clock, reporter, reports } = start();
  reporter.add(of(), 0);
  await clock.advance(9_999);
  reporter.add(of(), 0);
  reporter.add(of("blind"), 0);
  reporter.add({ ...of(), stages: [{ stage: "slow", became: "late", tookMs: 300 }] }, 0);
  expect(reports().map((one) => [one?.reason, one?.stages[0]?.became])).toEqual([
    ["deadman", "done"],
    ["blind", "done"],
    ["deadman", "late"],
  ]);
  await clock.advance(1);
  reporter.add(of(), 0);
  expect(reports()).toHaveLength(1);
});

/** So many different outcomes, one after the other at one instant. */
const outcomes = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ ...of(), stages: [{ stage: `stage ${n}` as "slow", became: "done" as const, tookMs: 0 }] }));
const stagesOf = (reports: readonly (ManoeuvreReport | undefined)[]) => reports.map((report) => report?.stages[0]?.stage as string);

test("the first that is told is told alone [P14]", () => {
  const { reporter, reports } = start();
  reporter.add(of(), 0);
  reporter.add(of("blind"), 0);
  expect(reports().map((report) => report?.reason)).toEqual(["deadman", "blind"]);
});

test("of those that were told on a connection the newest 16 are known: an older one that comes again is told again [P14]", () => {
  const { reporter, reports } = start();
  for (const one of outcomes(17)) reporter.add(one, 0);
  reports();
  for (const one of outcomes(2)) reporter.add(one, 0);
  expect(stagesOf(reports())).toEqual(["stage 0", "stage 1"]);
});

test("of those that wait for a welcome the newest 16 are known as well, and with those told before 16 are told at it [P14]", () => {
  const { broker, reporter, arrive, reports } = start();
  for (const one of outcomes(1)) reporter.add({ ...one, reason: "blind" }, 0);
  reports();
  broker.lost();
  for (const one of [...outcomes(17), ...outcomes(1)]) reporter.add(one, 0);
  arrive();
  const told = stagesOf(reports());
  expect([told.length, told[0], told.at(-1)]).toEqual([16, "stage 2", "stage 0"]);
});

test("of a long time without a connection no more is kept than the newest 16 of the last hour [P14]", async () => {
  const { clock, broker, reporter, arrive, reports } = start();
  broker.lost();
  for (let count = 0; count < 40; count += 1) {
    reporter.add(of(), 0);
    await clock.advance(100_000);
  }
  const newest = clock.now() - 100_000 + aheadMs;
  arrive();
  const told = reports();
  expect([told.length, told.at(-1)?.beganAt]).toEqual([16, newest]);
  broker.lost();
  await clock.advance(3_600_000);
  arrive();
  expect(reports()).toEqual([]);
});

test.each([
  [3_599_999, 1],
  [3_600_000, 0],
])("what is %i ms old when the broker is back is told %i times [P14]", async (ageMs, times) => {
  const { clock, broker, reporter, arrive, reports } = start();
  broker.lost();
  reporter.add(of(), 0);
  await clock.advance(ageMs);
  arrive();
  expect(reports()).toHaveLength(times);
});
