import { describe, expect, test } from "vitest";
import { ada, armed, bob } from "../rig.ts";

const go = { linear: 1 };

describe("the end", () => {
  test("of the holder's channel stops the robot; that of another's does not [R9]", async () => {
    const { clock, operator, take, speak } = await armed();
    operator.command(go);
    await clock.advance(0);
    speak(bob).leave();
    await clock.advance(0);
    expect(take()).toHaveLength(1);
    operator.pipes.operator.control.close();
    await clock.advance(0);
    expect(take()).toMatchObject([{ did: "stop", reason: "channel.closed" }, { did: "stood" }]);
  });

  test("of the robot's session stops it for good [R9]", async () => {
    const { clock, operator, take, robotEnd, guard, speak } = await armed();
    operator.command(go);
    await clock.advance(0);
    robotEnd.over();
    await clock.advance(0);
    expect(take()).toMatchObject([{ did: "command" }, { did: "stop", reason: "leaving" }, { did: "stood" }]);
    operator.command(go);
    speak(bob).say({ type: "stop" });
    await clock.advance(10_000);
    await guard.close();
    expect([take(), clock.pending]).toEqual([[], 0]);
  });

  test("of a page that is loaded again hands its number over to the next [R4.6]", async () => {
    const { clock, operator, take, speak } = await armed();
    for (const command of ["one", "two"]) operator.command(command);
    await clock.advance(0);
    operator.leave();
    const again = speak(ada);
    await again.show();
    expect(again.last("accepted")).toEqual({ type: "accepted", epoch: 1, seq: 2 });
    again.command("dropped");
    await clock.advance(100);
    again.command("three", { seq: 3 });
    operator.command("ghost", { seq: 9 });
    await clock.advance(0);
    expect(take().filter(({ did }) => did === "command")).toMatchObject([{ command: "one" }, { command: "two" }, { command: "three" }]);
  });

  test("of the driver itself stops a robot that moves, and puts no order in force [R10]", async () => {
    const ordered: boolean[] = [];
    const { operator, clock, guard, take } = await armed({ onOrder: (isStopped) => void ordered.push(isStopped) });
    guard.fail();
    operator.command(go);
    await clock.advance(0);
    expect(take()).toMatchObject([{ did: "command" }]);
    guard.fail();
    await clock.advance(0);
    expect(take()).toMatchObject([{ did: "stop", reason: "driver.failed" }, { did: "stood" }]);
    operator.command(go);
    await clock.advance(0);
    expect([guard.moving, ordered]).toEqual([true, []]);
  });
});
