import type { ToBroker } from "@tether/protocol/frame";
import { expect, test } from "vitest";
import { createStopReporter } from "../../../src/control/guard/stop-reporter.ts";
import { createBroker } from "../../../src/session/broker.ts";
import { welcome } from "../../connection/example.ts";
import { createVirtualClock } from "../../virtual-clock.ts";

function start({ isStopped = false, isOnline = false } = {}) {
  const clock = createVirtualClock();
  const sent: ToBroker[] = [];
  const broker = createBroker(clock, (frame) => void sent.push(frame));
  const arrive = () => broker.welcomed(welcome({ at: clock.now() }));
  if (isOnline) arrive();
  const reporter = createStopReporter(broker, isStopped);
  /** The reports since this was asked last. */
  const reports = () => sent.splice(0).map((frame) => (frame.type === "report" ? frame.stop : frame));
  return { broker, reporter, arrive, reports };
}

test.each([
  ["in force from before", true],
  ["not in force", false],
])("with its program's first welcome a robot says that a stop is %s, and then no more [P13]", (_, isStopped) => {
  const { broker, arrive, reports } = start({ isStopped });
  expect(reports()).toEqual([]);
  arrive();
  expect(reports()).toEqual([{ inForce: isStopped }]);
  broker.lost();
  arrive();
  expect(reports()).toEqual([]);
});

test("a robot that is online already when its guard begins says so at once [P13]", () => {
  expect(start({ isOnline: true }).reports()).toEqual([{ inForce: false }]);
});

test("a change is said at once, and once more at the next welcome [P13]", () => {
  const { broker, reporter, arrive, reports } = start({ isOnline: true });
  reports();
  reporter.changed({ inForce: true });
  expect(reports()).toEqual([{ inForce: true }]);
  broker.lost();
  arrive();
  expect(reports()).toEqual([{ inForce: true }]);
  arrive();
  expect(reports()).toEqual([]);
});

test("of changes while the broker cannot be reached the last is said when it can [P13]", () => {
  const { broker, reporter, arrive, reports } = start({ isOnline: true });
  reports();
  broker.lost();
  reporter.changed({ inForce: true });
  reporter.changed({ inForce: false });
  expect(reports()).toEqual([]);
  arrive();
  expect(reports()).toEqual([{ inForce: false }]);
});
