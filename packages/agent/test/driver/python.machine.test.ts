import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSetup } from "@tether/local/setup";
import { describe, expect, onTestFinished, test } from "vitest";
import { spawnProgram } from "../../src/driver/lines/spawn.ts";
import { exits } from "../../src/exit.ts";
import { folder, startAgent } from "../agent-process.ts";
import { inPage, openDrivePage } from "../flow/chromium.ts";
import { startOperator } from "../peer/operator.ts";
import { startService } from "../service.ts";
import { createWatch } from "../watch.ts";

const page = readFileSync(join(import.meta.dirname, "../../../../docs/driver.md"), "utf8");
const [, example = ""] = /```python\n(.*?)```/s.exec(page) ?? [];

type Told = { readonly linear: number; readonly angular: number };

/** The example as a robot that is online. */
async function startExample(...more: readonly string[]) {
  const home = folder();
  writeFileSync(join(home, "robot.py"), example);
  const service = await startService();
  const { token } = createSetup(service.system);
  const robot = await service.createRobot();
  await startAgent(home, "enroll", service.origin, await service.codeFor(robot)).ended;
  const running = startAgent(home, "run", "--driver", `python3 '${join(home, "robot.py")}'`, ...more);
  await running.saying({ event: "state", status: "online" });
  return { service, token, robot, running };
}

test("the Python program on docs/driver.md, of 40 lines at most, is driven by an operator through `tether-robot run --driver`", async () => {
  expect(example.trim().split("\n").length).toBeLessThanOrEqual(40);
  const { service, token, robot, running } = await startExample();
  const ada = startOperator({ api: service.origin, robot, token: () => token("owner") });
  ada.drive.request();
  await ada.ready();
  ada.hold({ linear: 0.5, angular: 0.1 });
  const telemetry = (holds: (told: Told) => boolean, from?: number) =>
    ada.heard.until("telemetry", ({ name, event }) => name === "telemetry" && holds(event as Told), from);
  await telemetry(({ linear, angular }) => linear === 0.5 && angular === 0.1);
  const mark = ada.heard.all.length;
  ada.letGo();
  await running.saying({ event: "driver.log", says: "stopped: deadman" });
  await telemetry(({ linear }) => linear === 0, mark);
  ada.drive.stop("a cat");
  await running.saying({ event: "driver.log", says: "stopped: stop" });
  running.stop();
  expect(await running.ended).toBe(exits.done.code);
  const ofDriver = running.said.filter(({ event }) => String(event).startsWith("driver.") && event !== "driver.stopped");
  // A machine that is too busy to command in time has its robot stand more than once.
  const isAgain = (at: number) => [at - 1, at].every((one) => ofDriver[one]?.says === "stopped: deadman");
  expect(ofDriver.filter((_, at) => !isAgain(at)).map(({ event, says }) => [event, says])).toEqual(
    ["deadman", "stop", "leaving", "leaving"].map((why) => ["driver.log", `stopped: ${why}`]),
  );
});

test("with `--camera test` the Python program is a robot that is driven, and seen, in Chromium", async () => {
  const { service, token, robot, running } = await startExample("--camera", "test");
  const { page, wrong } = await openDrivePage(service.origin);
  await inPage(page, (page, options) => page.start(options), { api: service.origin, robot, token: await token("owner"), relayOnly: false });
  const camera = () => inPage(page, (page) => page.cameras()[0]?.shown ?? 0, undefined);
  await expect.poll(camera, { timeout: 60_000 }).toBeGreaterThan(10);
  await inPage(page, (page) => page.request(), undefined);
  await expect.poll(() => inPage(page, (page) => page.canDrive, undefined)).toBe(true);
  await inPage(page, (page) => page.hold({ linear: 9, angular: 0.1 }), undefined);
  // Within what the program declared, and what the age of the picture leaves of it.
  const speed = () => inPage(page, (page) => (page.telemetry as { linear: number } | undefined)?.linear ?? 0, undefined);
  await expect.poll(speed).toBeGreaterThan(0);
  expect(await speed()).toBeLessThanOrEqual(0.6);
  expect(wrong).toEqual([]);
  running.stop();
  expect(await running.ended).toBe(exits.done.code);
});

describe("the motors of the Python program on docs/driver.md", () => {
  const ahead = "motors 0.5 0.1";
  const still = "motors 0.0 0.0";

  /** The program as it stands there, but that it writes what its motors are told on standard error. */
  async function drivenAhead() {
    const motors = '$1\n    print(f"motors {linear} {angular}", file=sys.stderr, flush=True)';
    const path = join(folder(), "robot.py");
    writeFileSync(path, example.replace(/(def wheels.*)/, motors));
    const told = createWatch<string>();
    const err = (line: string) => line.startsWith("motors ") && told.put(line);
    const program = spawnProgram(
      { line: `exec python3 '${path}'` },
      { out: () => {}, err, done: () => {}, failed: () => {}, interrupted: () => {} },
    );
    onTestFinished(() => {
      program.kill("SIGKILL");
    });
    program.write({ type: "start", id: 1 });
    program.write({ type: "command", id: 2, command: { linear: 0.5, angular: 0.1 }, epoch: 1, ageMs: 1, limit: 1 });
    await told.until("the command", (line) => line === ahead);
    return { program, told };
  }

  test("stand after a while in which the agent says nothing", async () => {
    const { told } = await drivenAhead();
    await told.until("a stop", (line) => line === still);
    expect(told.all).toEqual([ahead, still]);
  });

  test.each([
    ["the end of its input", (program: ReturnType<typeof spawnProgram>) => program.end(), 0],
    ["SIGTERM", (program: ReturnType<typeof spawnProgram>) => program.kill("SIGTERM"), 0],
    [
      "an error of its own",
      (program: ReturnType<typeof spawnProgram>) => program.write({ type: "command", id: 3, command: [], epoch: 1, ageMs: 1, limit: 1 }),
      1,
    ],
  ])("stand after %s", async (_, end, status) => {
    const { program, told } = await drivenAhead();
    end(program);
    await told.until("a stop", (line) => line === still);
    expect(await program.ended).toMatchObject({ status });
  });
});
