import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSetup } from "@tether/local/setup";
import { describe, expect, test } from "vitest";
import { exits } from "../../src/exit.ts";
import { folder, startAgent } from "../agent-process.ts";
import { startOperator } from "../peer/operator.ts";
import { startService } from "../service.ts";

async function enrolled() {
  const service = await startService();
  const home = folder();
  const robot = await service.createRobot();
  await startAgent(home, "enroll", service.origin, await service.codeFor(robot)).ended;
  return { ...service, home, robot };
}

/** Logs every line of its input and answers it. */
const program = (also = "") => {
  const source = `${also} const say = (message) => console.log(JSON.stringify(message));
    require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
      say({ type: "log", says: line }); say({ type: "done", id: JSON.parse(line).id }); })`;
  return `'${process.execPath}' -e "eval(Buffer.from('${Buffer.from(source).toString("base64")}','base64').toString())"`;
};

describe("run with a driver", () => {
  test("is online once that is ready, and ends it when it is stopped itself", async () => {
    const { home } = await enrolled();
    const running = startAgent(home, "run", "--driver", program());
    await running.saying({ event: "state", status: "online" });
    running.stop();
    expect(await running.ended).toBe(exits.done.code);
    const lines = running.said.filter(({ event }) => event === "driver.log").map(({ says }) => JSON.parse(String(says)));
    expect(lines[0]).toEqual({ type: "start", id: 1 });
    expect(lines.at(-1)).toMatchObject({ type: "stop", reason: "leaving" });
    expect(running.said[0]).toMatchObject({ event: "driver.log" });
  });

  test("ends with a code of its own when the program ends, tells the program's, and has signed off", async () => {
    const { home, call } = await enrolled();
    const ending = `process.on("SIGTERM", () => process.exit(${exits.refused.code})); console.log(JSON.stringify({ type: "log", says: String(process.pid) }));`;
    const running = startAgent(home, "run", "--driver", `exec ${program(ending)}`);
    await running.saying({ event: "state", status: "online" });
    process.kill(Number(running.said.find(({ event }) => event === "driver.log")?.says), "SIGTERM");
    expect(await running.ended).toBe(exits.driver.code);
    expect(running.said.at(-1)).toEqual({ event: "driver.ended", status: exits.refused.code });
    const { items } = (await call("GET", "/robots")) as { items: { id: string }[] };
    const sessions = (await call("GET", `/robots/${items[0]?.id}/sessions`)) as { items: { ending: unknown }[] };
    expect(sessions.items[0]?.ending).toMatchObject({ cause: "driver.ended", evidence: { status: exits.refused.code } });
  });

  test("is done when it is stopped, although whoever stops it ends the program too", async () => {
    const { home } = await enrolled();
    const named = `console.log(JSON.stringify({ type: "log", says: String(process.pid) }));`;
    const running = startAgent(home, "run", "--driver", `exec ${program(named)}`);
    await running.saying({ event: "state", status: "online" });
    running.stop();
    process.kill(Number(running.said.find(({ event }) => event === "driver.log")?.says), "SIGTERM");
    expect(await running.ended).toBe(exits.done.code);
  });

  test("is what its configuration says, where the program declares nothing: the program gets its axes alone [R35]", async () => {
    const { home, robot, origin, system } = await enrolled();
    const arm = {
      kind: "arm",
      axes: [
        { name: "shoulder", unit: "rad/s", least: -0.5, most: 0.5 },
        { name: "elbow", unit: "rad/s", least: -1, most: 1 },
      ],
      buttons: [],
      telemetry: [],
    };
    const config = join(home, "robot.json");
    writeFileSync(config, JSON.stringify({ driver: program(), robot: arm }));
    const running = startAgent(home, "run", "--config", config);
    await running.saying({ event: "state", status: "online" });
    const { token } = createSetup(system);
    const ada = startOperator({ api: origin, robot, token: () => token("owner") });
    ada.drive.request();
    await ada.ready();
    ada.hold({ shoulder: 0.9 });
    const command = await running.sayingThat(({ event, says }) => event === "driver.log" && String(says).includes('"command"'));
    expect(JSON.parse(String(command.says)).command).toEqual({ shoulder: 0.5, elbow: 0 });
  });

  test("stands after it was stopped and started again, until its holder resumes [R18]", async () => {
    const { home, origin, system, robot } = await enrolled();
    const { token } = createSetup(system);
    const drive = async () => {
      const running = startAgent(home, "run", "--driver", program());
      await running.saying({ event: "state", status: "online" });
      const ada = startOperator({ api: origin, robot, token: () => token("owner") });
      ada.drive.request();
      await ada.heard.until("its word", ({ name }) => name === "accepted");
      return { running, ada };
    };
    const first = await drive();
    first.ada.drive.stop("a cat");
    await first.ada.heard.until("a stop", ({ name }) => name === "stopped");
    first.running.stop();
    await first.running.ended;
    await first.ada.leave();
    const { running, ada } = await drive();
    expect([ada.drive.why, ada.drive.command("go")]).toEqual(["stopped", "stopped"]);
    ada.drive.resume();
    await ada.ready();
    ada.hold("go");
    const isCommand = ({ event, says }: Record<string, unknown>) => event === "driver.log" && JSON.parse(String(says)).type === "command";
    await running.sayingThat(isCommand);
  });

  test("is online only to tell of it with a program that cannot be run", async () => {
    const { home, robot, call } = await enrolled();
    const running = startAgent(home, "run", "--driver", "./no-such-program");
    expect(await running.ended).toBe(exits.driver.code);
    expect(running.said).toEqual([
      expect.objectContaining({ event: "driver.log" }),
      { event: "driver.unready", cause: "driver.ended" },
      { event: "driver.ended", status: 127 },
    ]);
    const sessions = (await call("GET", `/robots/${robot}/sessions`)) as { items: { ending: unknown }[] };
    expect(sessions.items.map(({ ending }) => ending)).toEqual([
      expect.objectContaining({ cause: "driver.ended", evidence: expect.objectContaining({ status: 127 }) }),
    ]);
  });

  test("simulated is online without a program", async () => {
    const { home } = await enrolled();
    const running = startAgent(home, "run", "--driver", "simulated");
    await running.saying({ event: "state", status: "online" });
    running.stop();
    expect(await running.ended).toBe(exits.done.code);
  });

  test("that declares stages goes through them, by its supervisor's word where the agent was killed, and the timeline says how [P14, R26]", async () => {
    const { home, robot, origin, system, call } = await enrolled();
    const staged = program('console.log(JSON.stringify({ type: "declare", stages: { slow: 1500, safe: 3000 } }));');
    const running = startAgent(home, "run", "--driver", staged);
    await running.saying({ event: "state", status: "online" });
    const { token } = createSetup(system);
    const ada = startOperator({ api: origin, robot, token: () => token("owner") });
    ada.drive.request();
    await ada.ready();
    const told = async (reason: string) => {
      const { items } = (await call("GET", `/robots/${robot}/timeline`)) as {
        items: { type: string; evidence?: Record<string, unknown> }[];
      };
      return items.find(({ type, evidence }) => type === "robot.manoeuvred" && evidence?.reason === reason)?.evidence;
    };
    const passed = { slow: "done", slowMs: expect.any(Number), stop: "done", stopMs: expect.any(Number), safe: "done" };
    const obeys = (speed: string) =>
      running.sayingThat(({ event, says }) => event === "driver.log" && String(says).includes(`"linear":${speed}`));
    ada.hold({ linear: 0.1 });
    await obeys("0.1");
    ada.letGo();
    await expect.poll(() => told("deadman"), { timeout: 20_000 }).toMatchObject(passed);
    ada.hold({ linear: 0.2 });
    await obeys("0.2");
    running.kill();
    await running.ended;
    await startAgent(home, "run", "--driver", staged).saying({ event: "state", status: "online" });
    await expect.poll(() => told("agent.gone"), { timeout: 20_000 }).toMatchObject(passed);
  });
});
