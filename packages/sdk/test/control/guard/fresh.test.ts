import { limits } from "@tether/protocol/limits";
import { describe, expect, test } from "vitest";
import { ada, armed, createRig } from "../rig.ts";

const go = { linear: 1 };
const most = limits.control.numberMost;

describe("a command from the future", () => {
  test.each([
    [20, "obeyed"],
    [20.5, "dropped"],
  ])("by %d ms more than half of the round trip is %s [R4.5]", async (beyondMs, becomes) => {
    let delayMs = 0;
    const rig = createRig({ delayMs: () => delayMs });
    rig.change(ada);
    rig.welcomeRobot();
    const operator = rig.speak(ada);
    await operator.show();
    delayMs = 40;
    // By now all round trips that are kept take 80 ms.
    await rig.clock.advance(40_000);
    operator.command(go, { sentAt: rig.clock.now() + delayMs + delayMs + beyondMs });
    await rig.clock.advance(delayMs);
    expect(rig.obeyed.length).toBe(becomes === "obeyed" ? 1 : 0);
  });
});

describe("an answer to the robot's clock", () => {
  /** Commands that are 450 ms old where they may be 500 ms old, after an answer by a clock that is 100 ms behind what it said first. */
  async function afterAnswers(answer: (operator: Awaited<ReturnType<typeof armed>>["operator"], now: number) => void) {
    const rig = createRig();
    rig.change(ada);
    rig.welcomeRobot();
    const operator = rig.speak(ada, { answers: false });
    await operator.show();
    const t0 = operator.last("clock")?.t0 ?? 0;
    operator.say({ type: "clock", t0, t1: rig.clock.now() });
    await rig.clock.advance(0);
    answer(operator, rig.clock.now());
    await rig.clock.advance(0);
    operator.command(go, { sentAt: rig.clock.now() - 600 });
    await rig.clock.advance(0);
    return rig.obeyed.length;
  }

  test("counts once: the same question answered again makes no old command young [R21]", async () => {
    expect(await afterAnswers((operator, now) => operator.say({ type: "clock", t0: now, t1: now - 300 }))).toBe(0);
  });

  test("to a question nobody asked counts for nothing [R21]", async () => {
    const made = (operator: { say(message: object): void }, now: number) => {
      for (const t0 of [now + 1, now - 1, 0, -1]) operator.say({ type: "clock", t0, t1: now - 300 });
    };
    expect(await afterAnswers(made)).toBe(0);
  });

  test("is good for 30 s, however short its round trip was: a command is as old as the newest clock says, or not obeyed [R4.2, R4.3]", async () => {
    const { clock, operator, obeyed, take } = await armed();
    operator.pipes.operator.events.onmessage = null;
    await clock.advance(29_000);
    operator.command(go);
    await clock.advance(0);
    expect(obeyed).toHaveLength(1);
    await clock.advance(2_500);
    operator.command(go);
    await clock.advance(0);
    expect(obeyed).toHaveLength(1);
    expect(take()).toMatchObject([{ did: "command" }, { did: "stop", reason: "deadman" }, { did: "stood" }]);
  });
});

describe("numbers and instants", () => {
  test.each([
    ["an epoch", { epoch: most + 1 }],
    ["a number", { seq: most + 1 }],
    ["a number that no integer is", { seq: 2 ** 53 }],
    ["a number before the first", { seq: 0 }],
    ["a broken number", { seq: 1.5 }],
    ["an instant", { sentAt: 8.65e15 }],
    ["an instant in words", { sentAt: "now" }],
  ])("of a command beyond their bounds, as %s, make none of it [R19]", async (_, part) => {
    const { clock, operator, obeyed } = await armed();
    operator.command(go, part);
    await clock.advance(0);
    expect(obeyed).toEqual([]);
    operator.command(go);
    await clock.advance(0);
    expect(obeyed).toHaveLength(1);
  });

  test("at their bound are still obeyed, and nothing after the last [R19]", async () => {
    const { clock, operator, obeyed } = await armed();
    for (const seq of [most, most + 1]) operator.command(go, { seq });
    await clock.advance(0);
    expect(obeyed.map(({ seq }) => seq)).toEqual([most]);
  });

  test.each([
    { type: "resume", epoch: 1, stop: 1, seq: most + 1 },
    { type: "resume", epoch: 1, stop: 1, seq: -1 },
    { type: "resume", epoch: 1, stop: 2 ** 53, seq: 0 },
    { type: "resume", epoch: 1.5, stop: 1, seq: 0 },
  ])("of a resume beyond their bounds resume nothing: %j [R19]", async (resume) => {
    const { clock, operator, obeyed } = await armed();
    operator.say({ type: "stop" });
    await clock.advance(0);
    operator.say(resume);
    operator.command(go);
    await clock.advance(0);
    expect(obeyed).toEqual([]);
  });
});
