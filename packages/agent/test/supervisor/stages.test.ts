import { describe, expect, test } from "vitest";
import { silence } from "../../src/supervisor/supervise.ts";
import { startSupervisor as start } from "./rig.ts";

const late = silence.stop + 100;

describe("the stages of a driver, run by its supervisor", () => {
  test.each([
    ["gone", "agent.gone"],
    ["hung", "agent.late"],
  ])("runs the stages that the driver declared when the agent is %s, each when the one before is done [R26]", async (how, reason) => {
    const { declare, command, answer, given, done, supervisor, clock } = start();
    declare({ slow: 1_500, stop: 1_000, safe: 3_000 });
    command();
    answer();
    if (how === "gone") supervisor.agentGone();
    else await clock.advance(late);
    expect(given.slice(1)).toEqual([{ id: 2, type: "slow", reason }]);
    answer();
    expect(given.at(-1)).toEqual({ id: 3, type: "stop", reason });
    answer();
    if (how === "hung") await clock.advance(silence.end);
    if (how === "hung") answer();
    expect(given.at(-1)).toMatchObject({ type: "safe", reason: how === "gone" ? "agent.gone" : "agent.hung" });
    expect(done).toEqual([]);
    answer();
    expect(done).toEqual(["end of input"]);
  });

  test("goes on to the next stage when one is late or fails, and ends the driver after the last [R26]", async () => {
    const { declare, command, answer, given, done, manoeuvres, supervisor, clock } = start();
    declare({ slow: 1_500, stop: 800, safe: 700 });
    command();
    supervisor.agentGone();
    await clock.advance(1_499);
    expect(given.at(-1)).toMatchObject({ type: "slow" });
    await clock.advance(1);
    expect(given.at(-1)).toMatchObject({ type: "stop" });
    await clock.advance(800);
    expect(given.at(-1)).toMatchObject({ type: "safe" });
    answer("failed");
    expect(done).toEqual(["end of input"]);
    await clock.advance(2_000);
    expect(done).toEqual(["end of input", "SIGTERM", "SIGKILL"]);
    expect(given.map(({ type }) => type)).toEqual(["command", "slow", "stop", "safe"]);
    supervisor.driverEnded({ status: 137 });
    expect(manoeuvres).toEqual([
      ["agent.gone", "slow late 1500", "stop late 800", "safe failed 0", "end late 1000", "SIGTERM late 1000", "SIGKILL late 0"],
    ]);
  });

  test("does not begin to slow a robot down that stands, or that was told to stop [R26]", async () => {
    const standing = start();
    standing.declare({ slow: 1_500 });
    standing.supervisor.agentGone();
    expect(standing.given.map(({ type }) => type)).toEqual(["stop"]);
    const stopping = start();
    stopping.declare({ slow: 1_500 });
    stopping.command();
    stopping.give("stop", { type: "stop", reason: "stop" });
    stopping.supervisor.agentGone();
    expect(stopping.given.map(({ type }) => type)).toEqual(["command", "stop", "stop"]);
  });

  test("does not begin anew to slow down when an agent that was late is gone, and leaves the stop to one that is back [R26]", async () => {
    const { declare, command, given, supervisor, clock } = start();
    declare({ slow: 1_500 });
    command();
    await clock.advance(late);
    supervisor.agentGone();
    await clock.advance(1_400);
    expect(given.map(({ type }) => type)).toEqual(["command", "slow", "stop"]);
    const back = start();
    back.declare({ slow: 1_500 });
    back.command();
    await back.clock.advance(late);
    back.give("stop", { type: "stop", reason: "driver.failed" });
    await back.live(2_000);
    expect(back.given.map(({ type }) => type)).toEqual(["command", "slow", "stop"]);
  });

  test("has no time for stages where the driver floods it [R26]", async () => {
    const { declare, command, given, done, supervisor, clock } = start();
    declare({ slow: 1_500, safe: 3_000 });
    command();
    supervisor.received(9 * 1024 * 1024);
    await clock.advance(300);
    expect([given.map(({ type }) => type), done]).toEqual([
      ["command", "stop"],
      ["end of input", "SIGTERM"],
    ]);
  });
});
