import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { bob, createRig } from "../rig.ts";
import { driving, go } from "./driving.ts";

describe("an operator", () => {
  test.each([0, 20, 150, 400])(
    "knows how blind it is, whatever its clock says, who only looks on too: %i ms each way [R33]",
    async (delayMs) => {
      const rig = createRig({ delayMs: () => delayMs });
      rig.welcomeRobot();
      const viewer = rig.operate(bob);
      viewer.connect();
      await rig.clock.advance(2_000);
      const takenAt = rig.clock.now() - 300;
      expect(viewer.drive.blindMs(takenAt)).toBeCloseTo(300 + delayMs, 0);
      expect(viewer.drive.ageMs(takenAt)).toBeCloseTo(300, 0);
      rig.guard.picture({ stream: "front", mark: 7, ageMs: 40 });
      await rig.clock.advance(delayMs + 100);
      const told = viewer.of("picture").at(-1);
      expect(told).toEqual({ stream: "front", takenAt: rig.clock.now() - delayMs - 140 });
      expect(viewer.drive.takenAt({ stream: "front", mark: 7 })).toBe(told?.takenAt);
    },
  );

  test("asks the robot five times a second whether it is there, and is answered, who only looks on too [R30]", async () => {
    const rig = await driving();
    const viewer = rig.operate(bob);
    const { robot } = viewer.connect();
    const pongs = () => robot.control.sent.filter((said) => said.startsWith('{"type":"pong"')).length;
    await rig.clock.advance(1);
    const before = pongs();
    await rig.clock.advance(60_000);
    expect([pongs() - before, viewer.drive.link]).toEqual([300, "live"]);
  });

  test("whose robot falls silent sends nothing into channels that look open, and says so within a second [R31]", async () => {
    const { drive, pipes, clock, of, deeds } = await driving();
    for (const channel of [pipes.robot.control, pipes.robot.events]) Object.assign(channel, { onmessage: null, send() {} });
    await clock.advance(limits.control.silentMs - limits.control.pingMs);
    expect(drive.canDrive).toBe(true);
    await clock.advance(limits.control.pingMs);
    const before = pipes.operator.control.sent.filter((said) => !said.includes("ping")).length;
    expect([drive.link, drive.why, drive.command(go), of("drive").at(-1)]).toEqual([
      "silent",
      "robot.silent",
      "robot.silent",
      { canDrive: false, why: "robot.silent" },
    ]);
    await clock.advance(60_000);
    expect(pipes.operator.control.sent.filter((said) => !said.includes("ping"))).toHaveLength(before);
    expect(deeds).toEqual([]);
    // The robot is there again with whatever it says next.
    pipes.operator.events.onmessage?.({ data: JSON.stringify({ type: "telemetry", telemetry: {} }) });
    expect([drive.link, drive.canDrive]).toEqual(["live", true]);
  });
});
