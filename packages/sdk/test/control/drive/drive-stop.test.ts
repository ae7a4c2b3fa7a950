import { describe, expect, test } from "vitest";
import { bob } from "../rig.ts";
import { driving, go } from "./driving.ts";

describe("an operator", () => {
  test("stops the robot over both ways at once, and drives on when it resumes [R7]", async () => {
    const { drive, clock, take, of, sent } = await driving();
    drive.command(go);
    await clock.advance(0);
    expect(drive.stop("a cat")).toEqual({ channel: true, broker: true });
    await clock.advance(0);
    expect(sent.at(-1)).toMatchObject({ type: "stop", reason: "a cat" });
    expect(take()).toMatchObject([{ did: "command" }, { did: "stop", reason: "stop" }, { did: "stood" }]);
    expect([of("stopped"), drive.why, drive.command(go)]).toEqual([[{ reason: "stop", latencyMs: 0, stop: 1 }], "stopped", "stopped"]);
    drive.resume();
    await clock.advance(0);
    expect([drive.canDrive, drive.command("on")]).toEqual([true, undefined]);
    await clock.advance(0);
    expect(take()).toMatchObject([{ did: "command", command: "on" }]);
  });

  test("who only looks on stops the robot too, with its signalling away [R7]", async () => {
    const rig = await driving();
    const viewer = rig.operate(bob);
    viewer.connect();
    rig.robotEnd.lost();
    viewer.drive.stop();
    await rig.clock.advance(0);
    expect(rig.take()).toMatchObject([{ did: "stop", reason: "stop" }, { did: "stood" }]);
    expect([viewer.drive.canDrive, rig.drive.why]).toEqual([false, "stopped"]);
  });

  test("who only looks on knows of a stop in force, also of one from before it came, until the holder resumes [R20, R32]", async () => {
    const rig = await driving();
    const viewer = rig.operate(bob);
    viewer.connect();
    rig.drive.stop();
    await rig.clock.advance(0);
    const late = rig.operate(bob);
    late.connect();
    await rig.clock.advance(0);
    const stop = { number: 1, kept: true };
    for (const one of [rig.drive, viewer.drive, late.drive]) expect(one.stopInForce).toEqual(stop);
    rig.drive.resume();
    await rig.clock.advance(0);
    for (const one of [viewer, late])
      expect([one.drive.stopInForce, one.of("order")]).toEqual([undefined, [{ stop }, { stop: undefined }]]);
  });

  test("is told who pressed STOP, wherever they are [D20]", async () => {
    const { broker, of } = await driving();
    const pressed = { at: 5, by: { type: "user", id: "u1", name: "Olive" }, reached: true, reason: "a cat" } as const;
    broker.hear({ type: "robot.stopped", ...pressed });
    expect(of("pressed")).toEqual([pressed]);
  });
});

test("a stop says which ways to the robot there were", async () => {
  const { drive, broker, pipes, clock } = await driving();
  broker.lost();
  expect(drive.stop()).toEqual({ channel: true, broker: false });
  pipes.operator.events.close();
  await clock.advance(0);
  expect(drive.stop()).toEqual({ channel: false, broker: false });
});
