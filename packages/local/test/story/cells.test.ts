import { listLive } from "@tether/core/session";
import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { createCells } from "../world/cells.ts";
import { createDriving } from "../world/driving.ts";
import { startSdkClient, startSdkRobot } from "../world/sdk-end.ts";
import { operator, owner } from "../world/world.ts";

test("a robot that is driven moves to another cell and back, and neither it nor its operator notices more than a pause of the signalling [C2, C4]", async () => {
  const { world, other, move } = await createCells();
  const { robot, session, guard, operate, stops } = await createDriving({ world });
  const ada = await operate(operator);
  await ada.acquire();
  await ada.go(2_000);
  const before = { robot: session.id, client: ada.client.id };
  for (const [to, from] of [
    ["b", "home"],
    ["home", "b"],
  ] as const) {
    expect(await move(robot.id, to)).toMatchObject({ outcome: "moved", from });
    expect((await ada.go(15_000)).filter((refusal) => refusal !== undefined)).toEqual([]);
    const { store } = to === "b" ? other : world.system;
    const live = await listLive({ store }, robot.id, "consistent");
    expect(live.map(({ state, sessionId }) => [sessionId, state]).sort()).toEqual(
      [
        [before.client, "online"],
        [before.robot, "online"],
      ].sort(),
    );
    expect([ada.drive.canDrive, guard.holder]).toEqual([true, { session: before.client, epoch: 1 }]);
  }
  expect(stops()).toEqual([]);
  const told = (await world.timeline(robot)).map(({ type }) => type);
  expect(told).not.toContain("session.ended");
  expect((await world.call("GET", "/v1/robots", { as: owner })).body).toMatchObject({
    items: [{ id: robot.id, presence: { state: "online" } }],
  });
});

test("signals that are on their way when the robot moves arrive once and in order, both ways [C4, S8]", async () => {
  const { world, move } = await createCells();
  const robot = await world.createRobot();
  const end = await startSdkRobot(world, robot);
  const client = await startSdkClient(world, robot, operator);
  for (const [n, to] of ["b", "home", "b"].entries()) {
    for (const one of [end, client]) one.signal(2 * n);
    const moving = move(robot.id, to);
    for (const one of [end, client]) one.signal(2 * n + 1);
    expect(await moving).toMatchObject({ outcome: "moved" });
    await world.clock.advance(15_000);
  }
  for (const one of [end, client]) {
    expect(one.got).toEqual([0, 1, 2, 3, 4, 5]);
    expect([one.ids.size, one.epochs]).toEqual([1, [1, 2, 3, 4]]);
    expect(one.told.map(({ event }) => event)).not.toContain("peer.ended");
  }
});

test("a move that is cut off leaves a robot that stands once its permit is not vouched for, and is driven again when the move is finished [C2, R2]", async () => {
  const { world, other, move } = await createCells();
  const { robot, guard, operate, stops } = await createDriving({ world });
  const ada = await operate(operator);
  await ada.acquire();
  await ada.go(2_000);
  let isTaking = false;
  // Once everybody was closed and the first item is about to leave the old table.
  world.system.requests.before((_, body) => {
    isTaking ||= JSON.stringify(body).includes("#a0 = :a0");
    return isTaking ? "cut" : "pass";
  });
  expect(await move(robot.id, "b").catch(() => "died")).toBe("died");
  world.system.requests.before(undefined);
  await ada.go(limits.control.keptMs / 2);
  expect(stops()).toEqual([]);
  await ada.go(limits.cell.claimMs);
  expect(stops()).toMatchObject([{ did: "stop", reason: "signalling.away" }]);
  expect(guard.holder).toBe(undefined);
  expect(await move(robot.id, "b")).toMatchObject({ outcome: "moved" });
  await world.clock.advance(30_000);
  await ada.acquire();
  await ada.go(2_000);
  expect([ada.drive.canDrive, guard.holder?.epoch]).toEqual([true, 3]);
  expect((await listLive(other, robot.id, "consistent")).map(({ state }) => state)).toEqual(["online", "online"]);
  expect((await world.timeline(robot)).map(({ type }) => type)).not.toContain("session.ended");
});
