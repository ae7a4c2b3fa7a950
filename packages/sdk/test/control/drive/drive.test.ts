import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { bob } from "../rig.ts";
import { driving, go } from "./driving.ts";

describe("an operator", () => {
  test("requests control, shows its permit, and drives once the robot accepted it [R11]", async () => {
    const { drive, events, sent, deeds, clock, take } = await driving();
    expect(sent).toMatchObject([{ type: "control.request" }]);
    expect(events.filter(([name]) => name === "drive").map(([, event]) => (event as { why?: string }).why)).toEqual([
      "control.free",
      "permit.awaited",
      "robot.deciding",
      undefined,
    ]);
    expect([drive.canDrive, drive.command(go)]).toEqual([true, undefined]);
    await clock.advance(0);
    expect(deeds).toMatchObject([{ did: "command", command: go, epoch: 1 }]);
    take();
    await clock.advance(400);
    for (let n = 0; n < 12; n += 1) {
      drive.command(go);
      await clock.advance(100);
    }
    expect(drive.robot).toMatchObject({ commandAgeMs: 0, roundTripMs: 0 });
  });

  test("knows why it cannot drive, and says who holds control and why", async () => {
    const { drive, change, changed, broker, of, clock } = await driving();
    change(bob);
    broker.hear({ ...changed("taken"), reason: "my turn" });
    expect([drive.canDrive, drive.why, drive.command(go)]).toEqual([false, "control.held", "control.held"]);
    expect(of("control").at(-1)).toMatchObject({ mine: false, because: "taken", actor: { id: "user" }, reason: "my turn" });
    expect(drive.control?.holder?.session).toBe(bob);
    await clock.advance(0);
  });

  test("is told once of a change that the broker tells twice", async () => {
    const { drive, changed, broker, granted, of, control, clock } = await driving();
    const told = of("control").length;
    broker.hear(changed());
    granted();
    expect([of("control").length, drive.control?.version]).toEqual([told, control().version]);
    await clock.advance(0);
  });

  test("whose connection is away knows by the robot's stop that another drives it, and that what it commands is refused [R6, R8]", async () => {
    const { drive, change, changed, broker, robotEnd, of, clock } = await driving();
    broker.lost();
    drive.command(go);
    await clock.advance(0);
    expect(drive.canDrive).toBe(true);
    change(bob);
    robotEnd.hear(changed("taken"));
    await clock.advance(100);
    expect([of("stopped"), drive.why]).toMatchObject([[{ reason: "epoch" }], "robot.refused"]);
  });

  test("does not queue commands: one is not sent while another has not left [R13]", async () => {
    const { drive, pipes, clock, deeds } = await driving();
    pipes.operator.control.bufferedAmount = 1;
    expect(drive.command("stale")).toBe("busy");
    pipes.operator.control.bufferedAmount = 0;
    expect(drive.command("fresh")).toBeUndefined();
    await clock.advance(0);
    expect(deeds).toMatchObject([{ command: "fresh" }]);
  });

  test("keeps control over a break of its own connection, without a frame or a stop [R14]", async () => {
    const { drive, broker, welcome, sent, clock, deeds } = await driving();
    const before = sent.length;
    broker.lost();
    for (let n = 0; n < 20; n += 1) {
      drive.command(go);
      await clock.advance(100);
    }
    welcome();
    expect(drive.canDrive).toBe(true);
    expect(sent.slice(before)).toEqual([]);
    expect(deeds.every(({ did }) => did === "command")).toBe(true);
  });

  test("whose session is over commands nothing and asks for nothing more", async () => {
    const { drive, events, sent, deeds, clock, broker } = await driving();
    drive.command(go);
    await clock.advance(0);
    const [asked, done] = [sent.length, deeds.length];
    broker.over();
    expect([drive.canDrive, drive.why, drive.command(go), drive.asking]).toEqual([false, "session.over", "session.over", false]);
    expect(events.at(-1)).toEqual(["drive", { canDrive: false, why: "session.over" }]);
    await clock.advance(limits.control.leaseMs);
    expect([sent.length, deeds.slice(done).filter(({ did }) => did === "command")]).toEqual([asked, []]);
  });
});
