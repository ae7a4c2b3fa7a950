import type { Declaration } from "@tether/protocol/declaration";
import { describe, expect, test } from "vitest";
import { createDeclarationCheck, createPresses, isDeclared, limitAxes } from "../../../src/control/guard/declared.ts";
import { ada, armed, createRig, driving } from "../rig.ts";

const axis = { unit: "rad/s", least: -1, most: 0.5 };
const arm: Declaration = {
  kind: "arm",
  axes: [
    { name: "shoulder", ...axis },
    { name: "elbow", ...axis },
  ],
  buttons: [{ name: "grip" }, { name: "home", title: "Go home" }],
  telemetry: [],
};
const key = "a-press-of-16-chars";

/** A robot that declared itself, and an operator that drives it by the SDK. */
async function driven() {
  const presses: string[] = [];
  const rig = await driving({ declaration: arm, onPress: (button) => void presses.push(button) });
  return { ...rig, ...rig.operator, presses };
}

const commandsOf = (deeds: readonly { readonly did: string; readonly command?: unknown }[]) =>
  deeds.flatMap((deed) => (deed.did === "command" ? [deed.command] : []));

describe("a robot that declared itself", () => {
  test("says so before anything else, also before a stop in force, to each channel that opens [R35]", async () => {
    const rig = createRig({ declaration: arm, isStopped: true });
    for (const _ of [1, 2]) {
      const operator = rig.speak(ada);
      await rig.clock.advance(0);
      expect(operator.heard.map(({ type }) => type)).toEqual(["declaration", "latched"]);
      expect(operator.last("declaration")?.declaration).toEqual(arm);
    }
  });

  test("is told of every axis, within its bounds, with each command [R36]", async () => {
    const { drive, clock, deeds } = await driven();
    expect(drive.declaration).toEqual(arm);
    drive.command({ shoulder: 0.25 });
    await clock.advance(0);
    drive.command({ shoulder: -5, elbow: 5 });
    await clock.advance(0);
    expect(commandsOf(deeds)).toEqual([
      { shoulder: 0.25, elbow: 0 },
      { shoulder: -1, elbow: 0.5 },
    ]);
  });

  test("is not moved by what it did not declare, nor kept moving by it [R36]", async () => {
    const { operator, clock, take, log } = await armed({ declaration: arm });
    operator.command({ shoulder: 0.5 });
    await clock.advance(0);
    for (let passedMs = 0; passedMs < 1_000; passedMs += 50) {
      operator.command({ shoulder: 0.5, lift: 1 });
      operator.command({ press: { button: "explode", key } });
      operator.command("up");
      await clock.advance(50);
    }
    expect(take()).toMatchObject([{ did: "command" }, { did: "stop", reason: "deadman", at: expect.any(Number) }, { did: "stood" }]);
    // A flood of them is one line of the log.
    expect(log.filter((line) => line.includes("guard.undeclared"))).toHaveLength(1);
  });

  test("is not even sent what it did not declare by the SDK, which says so [R36]", async () => {
    const { drive, clock, deeds } = await driven();
    expect(drive.command({ linear: 1, angular: 0 })).toBe("undeclared");
    await clock.advance(0);
    expect(commandsOf(deeds)).toEqual([]);
  });

  test("that declared nothing gets commands as they are [R24]", async () => {
    const { operator, clock, deeds } = await armed();
    operator.command({ linear: 1, arm: [1], press: { button: "grip", key } });
    await clock.advance(0);
    expect(commandsOf(deeds)).toEqual([{ linear: 1, arm: [1], press: { button: "grip", key } }]);
  });
});

describe("a press of a button", () => {
  test("is one, however many commands tell of it and whatever was lost, and the axes stay [R37]", async () => {
    const { operator, clock, deeds, presses } = await spoken();
    const press = { button: "grip", key };
    for (const seq of [1, 2, 2, 5, 4]) operator.command({ shoulder: 0.5, press }, { seq });
    await clock.advance(0);
    expect(presses).toEqual(["grip"]);
    expect(commandsOf(deeds)).toEqual([1, 2, 5].map(() => ({ shoulder: 0.5, elbow: 0 })));
    operator.command({ press: { button: "grip", key: `${key}-2` } }, { seq: 6 });
    await clock.advance(0);
    expect(presses).toEqual(["grip", "grip"]);
  });

  test("is not obeyed while a stop is in force, and does not act once its holder resumed [R7, R37]", async () => {
    const { drive, clock, presses, deeds, until } = await driven();
    const release = drive.press("grip");
    await clock.advance(0);
    expect(presses).toEqual(["grip"]);
    drive.stop();
    await until(() => drive.why === "stopped");
    const before = deeds.length;
    expect(drive.press("home")).toBeTypeOf("function");
    await clock.advance(1_000);
    drive.resume();
    await until(() => drive.canDrive);
    await clock.advance(1_000);
    release();
    expect(presses).toEqual(["grip"]);
    expect(commandsOf(deeds.slice(before))).toEqual([]);
  });

  test("that nothing else is sent beside goes on for as long as it is held, 300 ms at least, and its action ends with the stop [R5, R37]", async () => {
    const { drive, clock, presses, take } = await driven();
    const release = drive.press("home");
    await clock.advance(5_000);
    expect(presses).toEqual(["home"]);
    expect(take().every(({ did }) => did === "command")).toBe(true);
    release();
    await clock.advance(1_000);
    expect(take().slice(-2)).toMatchObject([{ did: "stop", reason: "deadman" }, { did: "stood" }]);

    drive.press("grip")();
    await clock.advance(250);
    const short = take();
    expect(short.length).toBeGreaterThan(1);
    expect(commandsOf(short)).toEqual(short.map(() => ({ shoulder: 0, elbow: 0 })));
    await clock.advance(2_000);
    expect(presses).toEqual(["home", "grip"]);
    expect(take().filter(({ did }) => did === "command").length).toBeLessThanOrEqual(2);
  });

  test("travels in the commands of an end that drives, and adds none to them [R37]", async () => {
    const { drive, clock, presses, take } = await driven();
    drive.command({ shoulder: 0.5 });
    const release = drive.press("grip");
    const release2 = drive.press("home");
    for (let sent = 0; sent < 20; sent += 1) {
      drive.command({ shoulder: 0.5 });
      await clock.advance(50);
    }
    release();
    release2();
    expect(presses).toEqual(["grip", "home"]);
    expect(commandsOf(take()).filter((command) => JSON.stringify(command) !== '{"shoulder":0.5,"elbow":0}').length).toBeLessThanOrEqual(1);
  });

  test("of a button that the driver fails at stops the robot [R10, R37]", async () => {
    const onPress = () => {
      throw new Error("jammed");
    };
    const { operator, clock, take } = await armed({ declaration: arm, onPress });
    operator.command({ press: { button: "grip", key } });
    await clock.advance(0);
    expect(take()).toMatchObject([{ did: "command" }, { did: "stop", reason: "driver.failed" }, { did: "stood" }]);
  });

  test("moves nothing and stops nothing at a robot that takes no presses [R37]", async () => {
    const { operator, clock, take } = await armed({ declaration: arm });
    operator.command({ press: { button: "grip", key } });
    await clock.advance(0);
    expect(take()).toMatchObject([{ did: "command", command: { shoulder: 0, elbow: 0 } }]);
  });

  async function spoken() {
    const presses: string[] = [];
    const rig = await armed({ declaration: arm, onPress: (button) => void presses.push(button) });
    return { ...rig, presses };
  }
});

describe("a command of a declared robot", () => {
  test.each([
    [{}, true],
    [{ shoulder: 1, elbow: "fast" }, true],
    [{ shoulder: 1, wrist: 1 }, false],
    [{ press: { button: "grip", key } }, true],
    [{ shoulder: 1, press: { button: "explode", key } }, false],
    [{ press: { button: "grip" } }, false],
    [{ press: "grip" }, false],
    [[], false],
    [null, false],
    [7, false],
    ["", false],
  ])("that says %j is one of its own: %s [R36, R37]", (command, is) => {
    expect(isDeclared(arm, command)).toBe(is);
  });

  const unbounded = { blindMs: null, stopMs: 1_000, maxLinear: null, maxAngular: null };
  const wheels = [
    { name: "ahead", unit: "m/s", least: -4, most: 4 },
    { name: "turn", unit: "rad/s", least: -2, most: 2 },
    { name: "lift", unit: "m", least: -10, most: 10 },
  ];

  test.each([
    ["ups", {}, 1, { ahead: 0, turn: 0, lift: 0 }],
    [[4, 2], {}, 1, { ahead: 0, turn: 0, lift: 0 }],
    [{ ahead: 9, turn: -9, lift: 5 }, {}, 0.5, { ahead: 2, turn: -1, lift: 2.5 }],
    [{ ahead: 4, turn: 1, lift: 8 }, { maxLinear: 2 }, 1, { ahead: 2, turn: 0.5, lift: 4 }],
    [{ ahead: -4, turn: -2 }, { maxLinear: 3, maxAngular: 1 }, 1, { ahead: -2, turn: -1, lift: 0 }],
    [{ ahead: 1, turn: 1 }, { maxLinear: 2, maxAngular: 2 }, 1, { ahead: 1, turn: 1, lift: 0 }],
    [{ turn: 1 }, { maxLinear: 0 }, 1, { ahead: 0, turn: 1, lift: 0 }],
    [{ ahead: Number.NaN, turn: "2", lift: true }, {}, 1, { ahead: 0, turn: 0, lift: 0 }],
  ])("that says %j, bounded by %j and limited to %d, moves it by %j [R23, R36]", (command, bounds, limit, becomes) => {
    const axes = { ...arm, axes: wheels };
    expect(limitAxes(axes, command, { ...unbounded, ...bounds }, limit)).toEqual(becomes);
  });

  test("is all that is judged where a robot declared something, and what is none is told once [R36]", () => {
    let told = 0;
    const isCommand = createDeclarationCheck(arm, () => void told++);
    expect(["up", { shoulder: 1 }, "up", {}].map(isCommand)).toEqual([false, true, false, true]);
    expect(told).toBe(1);
    const anything = createDeclarationCheck(undefined, () => void told++);
    expect([anything("up"), told]).toEqual([true, 1]);
  });

  test("tells of a press that is new unless it is among the last 64 [R37]", () => {
    const presses = createPresses();
    const press = (n: number) => presses.take({ press: { button: "grip", key: `${key}-${n}` } });
    for (const none of [{}, "up", null, { press: { button: "grip" } }]) expect(presses.take(none)).toBeUndefined();
    for (let n = 0; n < 64; n++) expect(press(n)).toBe("grip");
    expect(press(0)).toBeUndefined();
    expect(press(64)).toBe("grip");
    expect([press(1), press(0)]).toEqual([undefined, "grip"]);
  });
});
