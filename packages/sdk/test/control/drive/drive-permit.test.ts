import { defaultPolicy } from "@tether/protocol/control";
import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { ada, bob } from "../rig.ts";
import { accept, driving, go } from "./driving.ts";

describe("an operator", () => {
  test("renews every 4 min while it drives, and says nothing otherwise [R12]", async () => {
    const { drive, clock, types, renews, guard, operator, until } = await driving();
    const renewals = () => types().filter((type) => type === "control.renew").length;
    renews();
    for (let at = 0; at < 13 * 60_000; at += 20_000) {
      drive.command(go);
      await clock.advance(20_000);
      await until(() => operator.of("accepted").length === renewals() + 1);
    }
    expect(renewals()).toBe(3);
    expect(guard.holder?.epoch).toBe(1);
    const before = types().length;
    await clock.advance(60_000);
    expect([types().slice(before), guard.moving]).toEqual([[], false]);
  });

  test("gives the robot fresh permits while its signalling is away, one renewal at a time, and drives on without a stop [R3, R11.1, R11.2, R11.3]", async () => {
    const rig = await driving();
    const { drive, clock, types, granted, operator, robotEnd, deeds } = rig;
    robotEnd.lost();
    for (let at = 0; at < 60_000; at += 100) {
      drive.command(go);
      await clock.advance(100);
      if (types().filter((type) => type === "control.renew").length < operator.of("accepted").length) continue;
      granted();
      await accept(rig, operator);
    }
    expect(types().filter((type) => type === "control.renew")).toHaveLength(7);
    expect(deeds.every(({ did }) => did === "command")).toBe(true);
  });

  test("gets control back after its page was loaded again [R14]", async () => {
    const rig = await driving();
    const { drive, pipes, clock, deeds, take } = rig;
    for (const command of [1, 2, 3]) {
      drive.command(command);
      await clock.advance(10);
    }
    pipes.operator.events.close();
    await clock.advance(10);
    take();
    const again = rig.operate(ada);
    again.welcome();
    expect(again.sent).toMatchObject([{ type: "control.renew", epoch: 1 }]);
    again.connect();
    again.granted();
    await accept(rig, again);
    await clock.advance(100);
    expect(again.drive.command(4)).toBeUndefined();
    await clock.advance(0);
    expect(deeds).toMatchObject([{ did: "command", command: 4 }]);
  });

  test("asks for a fresh permit where an owner changed the policy, and again where the one it gets is older [D18.1]", async () => {
    const rig = await driving();
    const { drive, clock, types, operator, changed, broker, granted, change, key, permit } = rig;
    const renewals = () => types().filter((type) => type === "control.renew").length;
    const policy = { ...defaultPolicy, maxLinear: 0.1 };
    await clock.advance(4_000);
    const before = rig.control();
    change(ada, before.epoch);
    for (let n = 0; n < 2; n += 1) broker.hear({ ...changed("configured"), policy });
    expect([renewals(), drive.policy, operator.of("control").at(-1)?.mine]).toEqual([1, policy, true]);
    broker.hear({ type: "control.granted", permit: key.sign(permit()), control: before });
    await clock.advance(4_000);
    expect(renewals()).toBe(2);
    granted();
    await clock.advance(30_000);
    expect(renewals()).toBe(2);
    // A change that came while this end had no connection is known by the welcome.
    operator.welcome();
    expect([renewals(), drive.policy]).toEqual([3, defaultPolicy]);
  });

  test("learns who took control from that notice, and not from one of the policy that overtook it [D18.1]", async () => {
    const { broker, changed, change, control, operator } = await driving();
    change(bob, control().epoch + 1);
    broker.hear({ ...changed("configured"), policy: defaultPolicy });
    expect(operator.of("control").at(-1)?.mine).toBe(true);
    broker.hear(changed("taken"));
    expect(operator.of("control").at(-1)).toMatchObject({ mine: false, because: "taken" });
  });

  test("shows its permit on a new channel [R11]", async () => {
    const rig = await driving();
    const { drive, operator, pipes, clock, guard } = rig;
    pipes.operator.events.close();
    await clock.advance(0);
    expect([drive.why, guard.holder]).toEqual(["channel.closed", undefined]);
    operator.connect();
    await accept(rig, operator);
    expect([drive.canDrive, guard.holder?.session]).toEqual([true, ada]);
  });

  test("asks for a fresh permit when the robot refuses an old one [R11.2]", async () => {
    const rig = await driving();
    const { drive, operator, pipes, clock, robotEnd, types, of, until } = rig;
    await clock.advance(60_000);
    pipes.operator.events.close();
    robotEnd.lost();
    await clock.advance(limits.control.trustMs);
    operator.connect();
    await until(() => of("refused").length > 0);
    expect([of("refused"), drive.why, types().at(-1)]).toEqual([
      [{ epoch: 1, reason: "signalling.away" }],
      "robot.refused",
      "control.renew",
    ]);
    operator.granted();
    await accept(rig, operator);
    expect(drive.canDrive).toBe(true);
  });
});
