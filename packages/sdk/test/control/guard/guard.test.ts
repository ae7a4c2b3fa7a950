import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { welcome } from "../../connection/example.ts";
import { ada, armed, bob, createRig, robot } from "../rig.ts";
import { createBrokerKey } from "../signing.ts";

const { trustMs, askMs, leaseMs } = limits.control;
const go = { linear: 1 };

describe("a permit", () => {
  test("is accepted on the channel of the session it names, and commands are obeyed from then on [R1]", async () => {
    const { operator, clock, deeds, guard } = await armed();
    expect(operator.heard[0]).toEqual({ type: "accepted", epoch: 1, seq: 0 });
    operator.command(go);
    await clock.advance(0);
    expect(deeds).toEqual([{ did: "command", command: go, epoch: 1, at: 100 }]);
    expect([guard.moving, guard.holder]).toEqual([true, { session: ada, epoch: 1 }]);
  });

  test.each([
    ["another robot", { robot: `${robot.slice(0, -1)}9` }, "robot.other"],
    ["another session", { session: bob }, "session.other"],
    ["an older epoch", { epoch: 1 }, "epoch.old"],
    ["a time that is over", { expiresAt: 0 }, "permit.over"],
  ])("of %s is refused [R1]", async (_, part, reason) => {
    const rig = createRig();
    rig.change(ada, 2);
    rig.welcomeRobot();
    const operator = rig.speak(ada);
    await operator.show(rig.permit(part as object));
    expect(operator.heard).toMatchObject([{ type: "refused", reason }]);
    expect(rig.guard.holder).toBeUndefined();
  });

  test("of an epoch that another drives in is refused, whoever signed it [R1]", async () => {
    const rig = await armed();
    const thief = rig.speak(bob);
    await thief.show(rig.permit({ session: bob }));
    expect(thief.last("refused")).toEqual({ type: "refused", epoch: 1, reason: "session.other" });
    expect(rig.guard.holder?.session).toBe(ada);
  });

  test.each([
    ["on other channels beside the ones at hand", () => {}],
    ["on other channels after the ones before closed", ({ operator }: Awaited<ReturnType<typeof armed>>) => operator.leave()],
  ])("shown %s brings back nothing that the newest of its epoch has changed [R1.2, D18]", async (_, prepare) => {
    const rig = await armed();
    const older = rig.permit({ maxLinear: 9, deadmanMs: 1_000 });
    await rig.clock.advance(10);
    await rig.operator.show(rig.permit({ maxLinear: 0.5, deadmanMs: 200 }));
    prepare(rig);
    const other = rig.speak(ada);
    await other.show(older);
    expect(other.all("accepted")).toHaveLength(1);
    await rig.clock.advance(100);
    rig.take();
    other.command({ linear: 5 }, { seq: 50 });
    await rig.clock.advance(199);
    expect(rig.take()).toMatchObject([{ did: "command", command: { linear: 0.5 } }]);
    await rig.clock.advance(1);
    expect(rig.take()).toMatchObject([{ did: "stop", reason: "deadman" }, { did: "stood" }]);
  });

  test("older than the one at hand, of the same epoch, changes nothing [R1]", async () => {
    const rig = await armed();
    const older = rig.permit({ expiresAt: rig.clock.now() + 30_000 });
    await rig.clock.advance(10_000);
    await rig.operator.show();
    await rig.operator.show(older);
    await rig.clock.advance(30_000);
    expect(rig.guard.holder?.session).toBe(ada);
  });

  test("that the broker did not sign, or that is none, is refused [R1]", async () => {
    const rig = createRig();
    rig.change(ada);
    rig.welcomeRobot();
    const operator = rig.speak(ada);
    await operator.show(createBrokerKey().sign(rig.permit()));
    await operator.show("nonsense");
    expect(operator.heard).toEqual([1, 2].map(() => ({ type: "refused", epoch: 0, reason: "permit.invalid" })));
  });

  test("newer than the broker's last notice is obeyed for 20 s, and then only if the notice has come [R2]", async () => {
    const rig = createRig();
    rig.welcomeRobot();
    rig.change(ada);
    const operator = rig.speak(ada);
    await operator.show();
    await rig.clock.advance(trustMs - 1);
    expect(rig.guard.holder).toBeDefined();
    await rig.clock.advance(1);
    expect(operator.last("refused")).toEqual({ type: "refused", epoch: 1, reason: "signalling.away" });
    rig.robotEnd.hear(rig.changed());
    await operator.show();
    await rig.clock.advance(2 * trustMs);
    expect(rig.guard.holder).toBeDefined();
  });

  test("is over when its time is, by the broker's clock [R1]", async () => {
    const { clock, operator, guard } = await armed();
    await clock.advance(leaseMs - 101);
    expect(guard.holder).toBeDefined();
    await clock.advance(1);
    expect([guard.holder, operator.last("refused")]).toEqual([undefined, { type: "refused", epoch: 1, reason: "permit.over" }]);
  });
});

describe("a robot whose signalling is away", () => {
  test("asks its holder for a permit every 8 s, and goes on without a stop as long as fresh ones come [R2, R3]", async () => {
    const { clock, operator, robotEnd, guard, take } = await armed();
    robotEnd.lost();
    let asked = 0;
    for (let at = 0; at < 60_000; at += 100) {
      operator.command(go);
      await clock.advance(100);
      if (operator.all("renew").length === asked) continue;
      asked += 1;
      await operator.show();
    }
    expect(asked).toBe(7);
    expect(guard.moving).toBe(true);
    expect(take().every(({ did }) => did === "command")).toBe(true);
  });

  test("stops within 20 s of noticing when no fresh permit comes, however valid the last one is [R2]", async () => {
    const { clock, operator, robotEnd, take, guard } = await armed();
    await clock.advance(60_000);
    robotEnd.lost();
    for (let at = 0; at < trustMs + 1_000; at += 100) {
      operator.command(go);
      await clock.advance(100);
    }
    const stops = take().filter(({ did }) => did === "stop");
    expect(stops).toEqual([{ did: "stop", reason: "signalling.away", at: 60_100 + trustMs }]);
    expect([guard.holder, operator.last("stopped")?.reason]).toEqual([undefined, "signalling.away"]);
  });

  test("that notices it again and again gains no time by it [R2]", async () => {
    const { clock, robotEnd, guard } = await armed();
    robotEnd.lost();
    for (let at = 0; at < trustMs - 1_000; at += 1_000) {
      await clock.advance(1_000);
      robotEnd.lost();
    }
    expect(guard.holder).toBeDefined();
    await clock.advance(1_000);
    expect(guard.holder).toBeUndefined();
  });

  test("and comes back to a broker that says nothing of control trusts the permit for 20 s from when it was issued [R2]", async () => {
    const { clock, operator, robotEnd, guard } = await armed();
    await clock.advance(trustMs - 1_100);
    robotEnd.lost();
    robotEnd.welcomed(welcome({ at: clock.now() }));
    await clock.advance(999);
    expect(guard.holder).toBeDefined();
    await clock.advance(1);
    expect([guard.holder, operator.last("refused")?.reason]).toEqual([undefined, "signalling.away"]);
  });

  test("asks nothing while the broker vouches for the permit [R3]", async () => {
    const { clock, operator, robotEnd, welcomeRobot } = await armed();
    await clock.advance(4 * askMs);
    expect(operator.all("renew")).toEqual([]);
    robotEnd.lost();
    welcomeRobot();
    await clock.advance(4 * askMs);
    expect(operator.all("renew")).toHaveLength(1);
  });
});

test("a guard made after the welcome knows what it said, and everything it logs is without secrets", async () => {
  const rig = await armed();
  rig.operator.command("secret");
  rig.guard.telemetry({ battery: 1 });
  await rig.clock.advance(2_000);
  expect(rig.operator.last("telemetry")).toEqual({ type: "telemetry", telemetry: { battery: 1 } });
  expect(rig.log.join()).toContain("guard.driving");
  expect(rig.log.join()).not.toContain("secret");
});
