import { countClose, invoke, type Line, noteTransition, observe } from "@tether/aws/invocation";
import { embedded, filtered, metrics } from "@tether/aws/metric";
import { expect, test } from "vitest";

function rig() {
  let now = 1_000;
  const clock = { now: () => now };
  const lines: (Line & { _aws?: object })[] = [];
  return {
    clock,
    lines,
    pass(ms: number) {
      now += ms;
    },
    env: { clock, log: (line: Line) => void lines.push(line), namespace: "tether/test" },
    onTransition: noteTransition(clock),
    closed: countClose(clock),
  };
}

const revoked = { type: "session.ended", cause: "credential.revoked" } as const;

test("a revocation lasts until the last session of it is fenced and closed, not until all else is done", async () => {
  const { env, lines, pass, onTransition, closed } = rig();
  await invoke(env, "request", async () => {
    pass(40);
    onTransition(revoked);
    pass(30);
    closed();
    pass(500);
  });
  expect(lines).toMatchObject([{ ms: 570, RevocationLatency: 70, "Ended.credential.revoked": 1 }]);
});

test("what the sweeper ends long after is an ending, and no revocation's latency", async () => {
  const { env, lines, onTransition } = rig();
  await invoke(env, "sweep", async () => onTransition(revoked));
  expect(lines[0]).toMatchObject({ "Ended.credential.revoked": 1 });
  expect(lines[0]).not.toHaveProperty("RevocationLatency");
});

test("what was written before an invocation failed is told in its line", async () => {
  const { env, lines, onTransition } = rig();
  const failing = invoke(env, "request", async () => {
    onTransition({ type: "session.online" });
    onTransition({ type: "session.online" });
    throw new TypeError("later");
  });
  await expect(failing).rejects.toThrow("later");
  expect(lines).toMatchObject([{ level: "error", error: "TypeError", Connects: 2 }]);
});

test("what happens outside of an invocation, or is no metric, is not counted", async () => {
  const { env, lines, onTransition } = rig();
  onTransition(revoked);
  observe("SweepLag", 1);
  await invoke(env, "frame", async () => onTransition({ type: "session.opening" }));
  expect(lines).toEqual([{ level: "info", event: "frame", store: 0, posts: 0, ms: 0 }]);
});

test("a line names its metrics with their units, without a dimension", () => {
  const line = embedded("tether/test", new Map([["Connects", 1]]), 7);
  const directive = { Namespace: "tether/test", Dimensions: [[]], Metrics: [{ Name: "Connects", Unit: "Count" }] };
  expect(line).toEqual({ Connects: 1, _aws: { Timestamp: 7, CloudWatchMetrics: [directive] } });
});

test("no metric has a name twice, and dimensions are words of bounded tables", () => {
  const names = [...Object.keys(metrics), ...Object.keys(filtered)];
  expect(new Set(names).size).toBe(names.length);
  expect(Object.values(filtered).flatMap((row) => ("by" in row ? [row.by] : []))).toEqual(["Outcome", "Event"]);
});
