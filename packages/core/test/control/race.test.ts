import { expect, test } from "vitest";
import { attended } from "../../../local/test/world/attended.ts";

test("100 rounds of two who ask at once: exactly one holds, and epochs only grow [D2]", async () => {
  const { world, robotEnd, driver, boss } = await attended();
  for (let round = 1; round <= 100; round++) {
    for (const end of [driver, boss, robotEnd]) end.clear();
    driver.send({ type: "control.request" });
    boss.send({ type: "control.request" });
    await world.idle();
    const granted = [driver, boss].filter((end) => end.last("control.granted"));
    expect(granted).toHaveLength(1);
    const [winner, loser] = granted[0] === driver ? [driver, boss] : [boss, driver];
    expect(loser.last("control.asked")?.control.holder?.session).toBe(winner.session);
    expect(robotEnd.all("control.changed")).toHaveLength(1);
    expect(robotEnd.last("control.changed")?.control).toMatchObject({ epoch: 2 * round - 1, holder: { session: winner.session } });
    await world.say(winner, { type: "control.release" });
    expect(robotEnd.last("control.changed")).toMatchObject({ because: "released", control: { epoch: 2 * round } });
    expect(robotEnd.last("control.changed")?.control.holder).toBeUndefined();
  }
});

test("two who take control at once take turns: one holds in the end, each in its own epoch [D2, D11]", async () => {
  const { world, robotEnd, driver, boss, policy } = await attended();
  await policy({ takers: "operator" });
  for (let round = 0; round < 20; round++) {
    robotEnd.clear();
    driver.send({ type: "control.take", reason: "mine" });
    boss.send({ type: "control.take", reason: "no, mine" });
    await world.idle();
    const told = robotEnd.all("control.changed").map(({ control }) => control);
    const newest = told.reduce((a, b) => (a.version > b.version ? a : b));
    expect(new Set(told.map(({ epoch }) => epoch)).size).toBe(told.length);
    const last = [driver, boss].map((end) => end.last("control.granted")?.control.epoch ?? 0);
    expect(Math.max(...last)).toBe(newest.epoch);
    expect(newest.holder?.session).toBe(last[0] === newest.epoch ? driver.session : boss.session);
  }
});
