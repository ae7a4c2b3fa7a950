import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { attended } from "../world/attended.ts";
import { viewer } from "../world/world.ts";

const { client, refusals } = limits.rate.frame;

const flood = (to: string, from: number, count: number) =>
  Array.from({ length: count }, (_, n) => ({
    type: "signal",
    to,
    stream: 1,
    seq: from + n,
    id: `${from + n}`,
    data: { kind: "app", body: n },
  }));

test("what one connection sends beyond its rate is refused by its id, and another's goes through meanwhile [F9]", async () => {
  const { world, robotEnd, driver, watcher } = await attended();
  await world.say(watcher, ...flood(robotEnd.session, 1, client.burst + 20));
  const refused = watcher.all("problem").map(({ code, id }) => [code, Number(id)]);
  // The hello was a frame too.
  expect(refused).toEqual(Array.from({ length: 21 }, (_, n) => ["rate.limited", client.burst + n]));
  robotEnd.clear();
  await world.say(driver, ...flood(robotEnd.session, 1, 1));
  expect(robotEnd.all("signal")).toHaveLength(1);
  await world.clock.advance(client.everyMs);
  watcher.clear();
  await world.say(watcher, ...flood(robotEnd.session, 1_000, 2));
  expect(watcher.all("problem")).toHaveLength(1);
});

test("a stop goes through when nothing else does, and costs nothing of the rate [F9]", async () => {
  const { world, robotEnd, watcher } = await attended();
  await world.say(watcher, ...flood(robotEnd.session, 1, client.burst + 5));
  watcher.clear();
  for (let n = 0; n < 3; n++) await world.say(watcher, { type: "stop" });
  expect([robotEnd.all("stop").length, watcher.last("problem")]).toEqual([3, undefined]);
});

test("of stops without end the robot is told of each, and others and the timeline of as many as a person needs [D20.1, F9]", async () => {
  const { world, robot, robotEnd, driver, watcher } = await attended();
  const { burst, everyMs } = limits.rate.stopNews;
  const toldOf = async () => {
    const entries = (await world.timeline(robot)).filter(({ type }) => type === "robot.stopped");
    return [robotEnd.all("stop").length, driver.all("robot.stopped").length, entries.length];
  };
  await world.say(watcher, ...Array.from({ length: burst + 10 }, () => ({ type: "stop" })));
  expect([await toldOf(), watcher.last("problem")]).toEqual([[burst + 10, burst, burst], undefined]);
  // Another person's press is told, and so is this one's once time has passed.
  await world.say(driver, { type: "stop" });
  await world.clock.advance(everyMs);
  await world.say(watcher, { type: "stop" });
  expect(await toldOf()).toEqual([burst + 12, burst + 2, burst + 2]);
  for (let n = 0; n <= burst; n += 1) await world.call("POST", `/v1/robots/${robot.id}/stop`, { as: viewer, body: {} });
  expect(await toldOf()).toEqual([2 * burst + 13, 2 * burst + 2, 2 * burst + 2]);
});

test("who goes on after a hundred refusals is cut off once, told why, and its session waits for it to come back [F9, P2]", async () => {
  const { world, robot, robotEnd, driver, watcher } = await attended();
  await world.say(watcher, ...flood(robotEnd.session, 1, client.burst + refusals.burst + 200));
  expect(watcher.last("bye")).toMatchObject({ cause: "connection.flooded", close: 4006, retry: { policy: "backoff" } });
  expect(watcher.closed).toBeDefined();
  expect(robotEnd.all("peer.away").map(({ session, cause }) => [session, cause])).toEqual([[watcher.session, "connection.flooded"]]);
  expect(driver.closed).toBeUndefined();
  expect(watcher.all("problem").length).toBeLessThanOrEqual(refusals.burst);
  expect((await world.timeline(robot)).filter(({ cause }) => cause === "connection.flooded")).toHaveLength(1);
});
