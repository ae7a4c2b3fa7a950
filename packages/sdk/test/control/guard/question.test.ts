import { describe, expect, test } from "vitest";
import { ada, armed, createRig } from "../rig.ts";

const go = { linear: 1 };

/** An operator whose permit was accepted and who answers no question. */
async function silent() {
  const rig = createRig();
  rig.change(ada);
  rig.welcomeRobot();
  const operator = rig.speak(ada, { answers: false });
  const start = rig.clock.now();
  await operator.show();
  return { ...rig, operator, start };
}

describe("the questions for an operator's clock", () => {
  test("are five in the first 400 ms, and then one every 2 s [R4.3]", async () => {
    const { clock, operator, start } = await silent();
    await clock.advance(6_500);
    expect(operator.all("clock").map(({ t0 }) => t0 - start)).toEqual([0, 100, 200, 300, 400, 2_400, 4_400, 6_400]);
  });

  test("can be answered while they are among the last five [R21]", async () => {
    const { clock, operator, start, obeyed } = await silent();
    await clock.advance(2_400);
    const answer = (t0: number) => operator.say({ type: "clock", t0, t1: (t0 + clock.now()) / 2 });
    answer(start);
    operator.command(go);
    await clock.advance(0);
    expect(obeyed).toEqual([]);
    answer(start + 100);
    await clock.advance(0);
    operator.command(go);
    await clock.advance(0);
    expect(obeyed).toMatchObject([{ ageMs: 0 }]);
  });
});

describe("a robot that moves", () => {
  test("tells its holder once a second how it does, and no more once it stands", async () => {
    const { clock, operator, since, guard } = await armed();
    const told: number[] = [];
    for (let step = 0; step < 31; step += 1) {
      operator.command(go);
      const before = operator.all("state").length;
      await clock.advance(100);
      if (operator.all("state").length > before) told.push(since());
    }
    expect(told).toEqual([200, 1_100, 2_100, 3_100]);
    expect(operator.last("state")).toEqual({ type: "state", epoch: 1, moving: true, commandAgeMs: 0, roundTripMs: 0 });
    const count = operator.all("state").length;
    await clock.advance(10_000);
    expect([guard.moving, operator.all("state").length]).toEqual([false, count]);
  });

  test("tells of its blind time, its limit, and what it dropped", async () => {
    const { clock, operator, guard } = await armed();
    guard.picture({ stream: "front", mark: 1, ageMs: 0 });
    operator.command("blind");
    operator.command("late", { sentAt: clock.now() - 501 });
    operator.command(go, { pictureAt: clock.now() - 400, sentAt: clock.now() - 30 });
    await clock.advance(0);
    expect(operator.last("state")).toEqual({
      type: "state",
      epoch: 1,
      moving: true,
      commandAgeMs: 30,
      roundTripMs: 0,
      blindMs: 400,
      limit: 0.5,
      dropped: { blind: 1, late: 1 },
    });
  });
});
