import { createVirtualClock } from "@tether/local/clock/virtual";
import { describe, expect, test } from "vitest";
import { orphanMs } from "../../src/supervisor/orphans.ts";
import { beatMs, silence, supervise } from "../../src/supervisor/supervise.ts";
import { startSupervisor as start } from "./rig.ts";

const late = silence.stop + 100;

describe("a supervisor", () => {
  test("passes messages on with numbers of its own, and answers by those of the agent", async () => {
    const { give, given, heard, answer, clock } = start();
    give("other", { type: "start" });
    answer();
    give("command", { type: "command" });
    await clock.advance(late);
    answer();
    give("stop", { type: "stop", reason: "deadman" });
    answer();
    expect(given.map(({ id, type }) => [id, type])).toEqual([
      [1, "start"],
      [2, "command"],
      [3, "stop"],
      [4, "stop"],
    ]);
    expect(heard.filter(({ type }) => type === "done")).toEqual([1, 2, 3].map((id) => ({ type: "done", id })));
  });

  test("stops a robot that may move once the agent was silent, and lets no command through until the agent itself stopped it", async () => {
    const { command, give, given, heard, answer, clock } = start();
    command();
    answer();
    await clock.advance(silence.stop - 100);
    expect(given.length).toBe(1);
    await clock.advance(200);
    expect(given.at(-1)).toMatchObject({ type: "stop", reason: "agent.late" });
    expect(heard.at(-1)).toMatchObject({ type: "interrupted" });
    answer();
    command();
    expect(given.length).toBe(2);
    give("stop", { type: "stop", reason: "driver.failed" });
    command();
    expect(given.map(({ type }) => type)).toEqual(["command", "stop", "stop", "command"]);
  });

  test("leaves a robot alone that has stopped, however silent the agent is for a while", async () => {
    const { command, give, given, answer, clock } = start();
    command();
    give("stop", { type: "stop", reason: "deadman" });
    answer();
    await clock.advance(silence.end - 100);
    expect(given.length).toBe(2);
  });

  test("takes what waits to be read for a sign of life: being held up itself is not the agent's silence", async () => {
    const clock = createVirtualClock({ startAt: 0, idle: async () => {} });
    const given: string[] = [];
    const supervisor = supervise({
      clock,
      onceRead(run) {
        supervisor.fromAgent({ type: "beat" });
        run();
      },
      driver: { write: (line) => void given.push(line), end() {}, signal() {} },
      agent: { say() {}, kill() {} },
      signalGroup: () => false,
      manoeuvred() {},
      over() {},
    });
    supervisor.fromAgent({ type: "message", kind: "command", id: 1, json: '{"type":"command"}' });
    await clock.advance(5_000);
    expect(given.length).toBe(1);
  });

  test("stops and ends the driver when the agent is gone: stop, end of input, SIGTERM, SIGKILL, each once the one before had its time", async () => {
    const { command, given, done, supervisor, clock } = start();
    command();
    supervisor.agentGone();
    expect(given.at(-1)).toMatchObject({ type: "stop", reason: "agent.gone" });
    await clock.advance(1_999);
    expect(done).toEqual([]);
    await clock.advance(1);
    expect(done).toEqual(["end of input"]);
    await clock.advance(1_000);
    expect(done).toEqual(["end of input", "SIGTERM"]);
    await clock.advance(1_000);
    expect(done).toEqual(["end of input", "SIGTERM", "SIGKILL"]);
    supervisor.driverEnded({ status: 137 });
    expect(done.at(-1)).toBe("over");
  });

  test("ends the input of a driver that answered the stop at once, and leaves one that exits alone", async () => {
    const { answer, done, supervisor, clock } = start();
    supervisor.agentGone();
    answer();
    expect(done).toEqual(["end of input"]);
    supervisor.driverEnded({ status: 0 });
    await clock.advance(60_000);
    expect(done).toEqual(["end of input", "over"]);
  });

  test("ends the driver of an agent that hangs, sooner where the driver hangs too, and then kills the agent for it to be started again", async () => {
    const { command, done, clock, supervisor, heard } = start();
    command();
    await clock.advance(silence.stop + 2_100);
    expect(done).toEqual([]);
    await clock.advance(4_000);
    expect(done).toEqual(["end of input", "SIGTERM", "SIGKILL"]);
    supervisor.driverEnded({ status: 137, signal: "SIGKILL" });
    expect(heard.at(-1)).toEqual({ type: "ended", exit: { status: 137, signal: "SIGKILL", fault: "agent.hung" } });
    await clock.advance(silence.kill);
    expect(done).toContain("agent killed");
  });

  test("does nothing to an agent that lives, but to answer each of its beats", async () => {
    const { command, answer, done, given, live, beats } = start();
    command();
    answer();
    await live(silence.kill * 2);
    expect([given.length, done, beats()]).toEqual([1, [], (silence.kill * 2) / beatMs]);
  });

  test("ends what is left of the agent's other processes once it is gone and they had their time, and is not over before", async () => {
    const { supervisor, living, done, clock } = start();
    for (const id of [11, 12, 13]) supervisor.fromAgent({ type: "began", group: { id, startedAt: "1" } });
    supervisor.fromAgent({ type: "ended", group: { id: 12, startedAt: "1" } });
    for (const id of [11, 12, 13]) living.add(id);
    supervisor.agentGone();
    supervisor.driverEnded({ status: 0 });
    await clock.advance(1_000);
    living.delete(13);
    expect(done).toEqual([]);
    await clock.advance(orphanMs - 1_001);
    expect(done).toEqual([]);
    await clock.advance(1);
    expect(done).toEqual(["SIGKILL 11", "over"]);
  });

  test("is over as soon as the agent's other processes have ended by themselves", async () => {
    const { supervisor, living, done, clock } = start();
    supervisor.fromAgent({ type: "began", group: { id: 11 } });
    living.add(11);
    supervisor.agentGone();
    supervisor.driverEnded({ status: 0 });
    living.delete(11);
    await clock.advance(100);
    expect(done).toEqual(["over"]);
  });

  test("ends a driver that says more than can be read, by a signal, since it may not read", async () => {
    const { supervisor, done, given, clock, heard } = start();
    expect(supervisor.received(8 * 1024 * 1024)).toBe(true);
    expect(supervisor.received(1)).toBe(false);
    expect(given.at(-1)).toMatchObject({ type: "stop", reason: "driver.flooded" });
    await clock.advance(300);
    expect(done).toEqual(["end of input", "SIGTERM"]);
    supervisor.driverEnded({ status: 143, signal: "SIGTERM" });
    expect(heard.at(-1)).toMatchObject({ exit: { fault: "driver.flooded" } });
  });

  test("tells the agent by the agent's own numbers what the driver could not do, and what it had done before", async () => {
    const { command, give, answer, heard, clock, supervisor } = start();
    command();
    await clock.advance(late);
    answer();
    give("other", { type: "slow" });
    give("stop", { type: "stop" });
    answer("failed");
    expect(heard.slice(-2)).toEqual([
      { type: "done", id: 2 },
      { type: "failed", id: 3, says: "no brakes" },
    ]);
    supervisor.fromDriver('{"type":"failed","id":"3"}');
    expect(heard.at(-1)).toEqual({ type: "out", line: '{"type":"failed","id":"3"}' });
  });

  test("takes a stop that failed for none: it says it again until the driver stopped, and ends one that does not", async () => {
    const { command, answer, given, done, clock, heard } = start();
    command();
    await clock.advance(late);
    answer("failed");
    expect(heard.at(-1)).toMatchObject({ type: "err" });
    await clock.advance(100);
    expect(given.map(({ type }) => type)).toEqual(["command", "stop", "stop"]);
    for (let times = 0; times < 40; times += 1) {
      answer("failed");
      await clock.advance(100);
    }
    expect(done[0]).toBe("end of input");
  });
});
