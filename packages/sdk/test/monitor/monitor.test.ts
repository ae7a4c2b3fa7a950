import { type FrameSeen, monitorFeature } from "@tether/protocol/frame/monitor";
import type { Welcome } from "@tether/protocol/frame/welcome";
import { RobotId } from "@tether/protocol/id";
import { expect, test } from "vitest";
import { attach } from "../../src/client/index.ts";
import { answer, session as sessionId, welcome } from "../connection/example.ts";
import { createTestPlatform } from "../platform.ts";
import { createService } from "../service.ts";
import { settled } from "../virtual-clock.ts";

const robot = RobotId.parse("rob_01J00000000000000000000000");
const features = [monitorFeature];

async function start(monitor: boolean) {
  const service = createService();
  const world = createTestPlatform({ fetch: service.fetch });
  service.gives(answer(1, world.clock.now()));
  const token = async () => "secret-token";
  const session = attach({ api: "https://api.example", robot, token, platform: world.platform, monitor });
  const heard: unknown[] = [];
  session.monitor.on("seen", ({ kind, verdict }) => void heard.push([kind, verdict.outcome]));
  session.monitor.on("changed", ({ isOn }) => void heard.push(isOn));
  await settled();
  const greet = async (given: Pick<Welcome, "features">, epoch = 2) => {
    await world.last().opens();
    await world.last().says({ ...welcome({ epoch, at: world.clock.now() }), ...given });
  };
  return { ...world, service, session, heard, greet, take: () => heard.splice(0) };
}

const frame = (kind: string): FrameSeen => ({
  type: "frame.seen",
  at: 1,
  from: { session: sessionId },
  kind,
  bytes: 9,
  verdict: { outcome: "posted" },
});

test("an end that would monitor says so with each hello, and hears what is seen while it does [M1]", async () => {
  const { session, greet, take, last, service, clock } = await start(true);
  await greet({ features });
  expect(last().sent[0]).toMatchObject({ type: "hello", features: ["keepalive", ...features] });
  expect([session.monitor.isOn, take()]).toEqual([true, [true]]);
  await last().says(frame("offer"));
  expect(take()).toEqual([["offer", "posted"]]);
  service.gives(answer(2, clock.now()));
  await last().breaks();
  expect([session.monitor.isOn, take()]).toEqual([false, [false]]);
  await clock.advance(1_000);
  await greet({ features }, 3);
  expect(last().sent[0]).toMatchObject({ type: "hello", features: ["keepalive", ...features] });
  expect([session.monitor.isOn, take()]).toEqual([true, [true]]);
});

test.each([{ features: [] }, {}])("a welcome with %o gives nothing to see [M1]", async (given) => {
  const { session, greet, take } = await start(true);
  await greet(given);
  expect([session.status, session.monitor.isOn, take()]).toEqual(["online", false, []]);
});

test("an end that was told that it is over goes on with its session, and knows that it sees nothing [M5]", async () => {
  const { session, greet, take, last } = await start(true);
  await greet({ features });
  await last().says({ type: "monitor.ended" });
  expect([session.status, session.monitor.isOn, take()]).toEqual(["online", false, [true, false]]);
});

test("who does not ask for it asks for nothing", async () => {
  const { greet, last, session } = await start(false);
  await greet({});
  expect(last().sent[0]).toMatchObject({ type: "hello", features: ["keepalive"] });
  expect(session.monitor.isOn).toBe(false);
});
