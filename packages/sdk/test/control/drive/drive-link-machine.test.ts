import { fc } from "@fast-check/vitest";
import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { blockOf, type Happening, initial, next, type State } from "../../../src/control/drive/drive-link-machine.ts";

const { silentMs } = limits.control;

type Step = Happening & { readonly at?: number };

const after = (...steps: Step[]): State => steps.reduce<State>((state, step) => next(state, { at: 0, ...step }), initial);

const accepted: Step = { type: "heard", report: { type: "accepted", epoch: 1, stop: undefined } };
const live = [{ type: "channelsMade" }, { type: "channelsOpened" }, accepted] as const;
const pong: Step = { type: "heard", report: undefined };

test.each<[string, readonly Step[], number, string | undefined]>([
  ["that was never made", [], 0, "channel.closed"],
  ["that is not open yet", [{ type: "channelsMade" }], 0, "channel.closed"],
  ["on which the robot has not answered yet", [{ type: "channelsMade" }, { type: "channelsOpened" }], 0, "robot.deciding"],
  ["on which the robot accepted", live, 0, undefined],
  ["on which the robot was heard just now", live, silentMs - 1, undefined],
  ["on which the robot was not heard for its time, however late the timer is", live, silentMs, "robot.silent"],
  ["on which any word came since", [...live, { ...pong, at: 600 }], 600 + silentMs - 1, undefined],
  ["that fell silent", [...live, { type: "due", at: silentMs }], silentMs, "robot.silent"],
  ["that fell silent and is heard again", [...live, { type: "due", at: silentMs }, { ...pong, at: 5_000 }], 5_000, undefined],
  ["that closed while it was silent", [...live, { type: "due", at: silentMs }, { type: "channelsClosed" }], silentMs, "channel.closed"],
  ["on which a fresh permit of the same epoch was shown", [...live, { type: "permitShown", epoch: 1 }], 0, undefined],
  ["on which a permit of another epoch was shown", [...live, { type: "permitShown", epoch: 2 }], 0, "robot.deciding"],
  ["on which the robot refused", [...live, { type: "heard", report: { type: "refused" } }], 0, "robot.refused"],
  ["on which it stopped by order", [...live, { type: "heard", report: { type: "stopped", reason: "stop", stop: 1 } }], 0, "stopped"],
  [
    "on which it stopped by itself",
    [...live, { type: "heard", report: { type: "stopped", reason: "deadman", stop: undefined } }],
    0,
    undefined,
  ],
])("a link %s blocks so [R31]", (_, steps, at, block) => {
  expect(blockOf(after(...steps), 1, at)).toBe(block);
});

const latched: Step = { type: "heard", report: { type: "latched", stop: 3, kept: false } };
const stopped = (reason: "stop" | "deadman", stop?: number): Step => ({ type: "heard", report: { type: "stopped", reason, stop } });

test.each<[string, readonly Step[], object | undefined]>([
  ["is known", [latched], { number: 3, kept: false }],
  ["is the same one however it is told", [latched, { type: "heard", report: { type: "state", stop: 3 } }], { number: 3, kept: false }],
  ["gives way to a newer one", [latched, stopped("stop", 4)], { number: 4, kept: true }],
  ["outlives a stop of another kind", [latched, stopped("deadman")], { number: 3, kept: false }],
  ["is over when its holder resumed", [latched, { type: "heard", report: { type: "resumed", stop: 3 } }], undefined],
  ["is known while there are no channels", [latched, { type: "channelsClosed" }, { type: "channelsMade" }], { number: 3, kept: false }],
  ["is told anew on the next channels", [latched, { type: "channelsMade" }, { type: "channelsOpened" }], undefined],
  [
    "is known where it was told before both channels were open",
    [{ type: "channelsMade" }, latched, { type: "channelsOpened" }],
    { number: 3, kept: false },
  ],
  [
    "is known where it came before both channels were open",
    [{ type: "channelsMade" }, stopped("deadman"), stopped("stop", 4), { type: "channelsOpened" }],
    { number: 4, kept: true },
  ],
  [
    "is over when its holder resumed before both channels were open",
    [{ type: "channelsMade" }, latched, { type: "heard", report: { type: "resumed", stop: 3 } }, { type: "channelsOpened" }],
    undefined,
  ],
])("a stop in force %s [R20]", (_, steps, stop) => {
  expect(after(...live, ...steps).stop).toEqual(stop);
});

const step = fc.oneof(
  fc.constantFrom<Happening>(
    { type: "channelsMade" },
    { type: "channelsOpened" },
    { type: "channelsClosed" },
    { type: "due" },
    { type: "permitShown", epoch: 1 },
  ),
  fc.constantFrom<Happening>(accepted, pong, { type: "heard", report: { type: "refused" } }),
);

test("whatever happens, it drives only where the robot was heard within its time", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(step, fc.nat(400)), { maxLength: 60 }), (steps) => {
      let [state, at, heardAt]: [State, number, number] = [initial, 0, Number.NEGATIVE_INFINITY];
      for (const [happening, laterMs] of steps) {
        at += laterMs;
        if (happening.type === "heard" || happening.type === "channelsOpened") heardAt = at;
        state = next(state, { ...happening, at });
        if (blockOf(state, 1, at) === undefined) expect(at - heardAt).toBeLessThan(silentMs);
      }
    }),
  );
});
