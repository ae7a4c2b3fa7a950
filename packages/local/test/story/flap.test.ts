import { TimelinePage } from "@tether/protocol/http";
import { isFlap, rowsIn } from "@tether/sdk/timeline/flap";
import { expect, test } from "vitest";
import { type SdkEnd, startSdkClient, startSdkRobot } from "../world/sdk-end.ts";
import { createWorld, type KeyHolder, operator, owner, type World } from "../world/world.ts";

const minute = 60_000;

/** Cuts whatever connection the end has, once a minute. */
async function cutOften(world: World, { session }: SdkEnd, times: number) {
  const { connections } = world.system.gateway;
  for (let count = 0; count < times; count++) {
    await world.clock.advance(minute);
    const own = connections.list().filter(({ authorizer }) => String(authorizer.claims).includes(String(session.id)));
    for (const { connectionId } of own) connections.cut(connectionId);
  }
  await world.clock.advance(minute);
}

async function rowsOf(world: World, robot: KeyHolder) {
  const { body } = await world.call("GET", `/v1/robots/${robot.id}/timeline?limit=100`, { as: owner });
  return rowsIn(TimelinePage.parse(body).items.toReversed());
}

test("a robot whose path is cut once a minute has one row on its timeline for all of it", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  const end = await startSdkRobot(world, robot);
  await cutOften(world, end, 6);
  const rows = await rowsOf(world, robot);
  expect(rows.map(({ type }) => type).filter((type) => !/^(robot|grant|credential)\./.test(type))).toEqual([
    "session.opening",
    "session.online",
    "path.flapped",
  ]);
  expect(rows.find(isFlap)).toMatchObject({ session: end.session.id, cuts: 6 });
});

test("an operator's path that is cut while they drive is one row, and who has control is told beside it", async () => {
  const world = await createWorld();
  const robot = await world.createRobot();
  await startSdkRobot(world, robot);
  const client = await startSdkClient(world, robot, operator);
  client.session.control.request();
  await world.idle();
  await cutOften(world, client, 4);
  const rows = await rowsOf(world, robot);
  expect(rows.map(({ type }) => type).slice(-3)).toEqual(["control.granted", "path.flapped", "control.expired"]);
  const flap = rows.find(isFlap);
  expect(flap?.items.map(({ type }) => type)).toContain("control.returned");
  expect(flap).toMatchObject({ session: client.session.id, user: { name: "Oscar Operator" }, cuts: 4 });
});
