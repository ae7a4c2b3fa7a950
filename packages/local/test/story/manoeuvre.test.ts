import type { ManoeuvreReport } from "@tether/protocol/manoeuvre-report";
import { expect, test } from "vitest";
import { createWorld, operator } from "../world/world.ts";

const stages: ManoeuvreReport["stages"] = [
  { stage: "slow", became: "late", tookMs: 700 },
  { stage: "stop", became: "done", tookMs: 210.4 },
  { stage: "safe", became: "failed", tookMs: 0 },
];

async function start() {
  const world = await createWorld();
  const robot = await world.createRobot();
  const robotEnd = await world.join(robot);
  const say = (part: Partial<ManoeuvreReport>, end = robotEnd) => {
    const manoeuvre = { reason: "deadman", beganAt: world.clock.now(), latencyMs: 910.4, stages, ...part } as const;
    return world.say(end, JSON.parse(JSON.stringify({ type: "report", manoeuvre })));
  };
  const entries = async () => (await world.timeline(robot)).filter(({ type }) => type === "robot.manoeuvred");
  return { world, robot, robotEnd, say, entries };
}

test("the stages of a stop are on the timeline with the times they took, at when they began [P14]", async () => {
  const { world, robotEnd, say, entries } = await start();
  const beganAt = world.clock.now() - 1_000;
  await say({ beganAt });
  expect(await entries()).toMatchObject([
    {
      at: beganAt,
      session: robotEnd.session,
      actor: { type: "robot" },
      evidence: { reason: "deadman", latencyMs: 910, slow: "late", slowMs: 700, stop: "done", stopMs: 210, safe: "failed", safeMs: 0 },
    },
  ]);
});

test("the same word said again is one entry, however much later, and so is the same outcome within 10 s [P14]", async () => {
  const { world, say, entries } = await start();
  await world.clock.advance(10_000 - (world.clock.now() % 10_000));
  const beganAt = world.clock.now();
  await say({ beganAt });
  await world.clock.advance(120_000);
  await say({ beganAt });
  await say({ beganAt: beganAt + 9_999 });
  expect(await entries()).toHaveLength(1);
  await say({ beganAt: beganAt + 10_000 });
  await say({ beganAt, reason: "blind" });
  expect(await entries()).toHaveLength(3);
});

test.each([
  ["before the last hour", -7_200_000, -3_600_000],
  ["in the future", 60_000, 0],
])("an entry that a robot places %s is where it may be [P14]", async (_, said, stands) => {
  const { world, say, entries } = await start();
  const now = world.clock.now();
  await say({ beganAt: now + said });
  expect(await entries()).toEqual([expect.objectContaining({ at: now + stands })]);
});

test("a client's word, and one that cannot be read, are no entry [P14]", async () => {
  const { world, robot, say, entries } = await start();
  const client = await world.join(robot, operator);
  await say({}, client);
  await say({ stages: [] });
  await say({ reason: "mutiny" as "deadman" });
  await say({ latencyMs: -1 });
  expect(await entries()).toEqual([]);
});
