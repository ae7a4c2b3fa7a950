import { createVirtualClock } from "@tether/local/clock/virtual";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type GamepadLike, hold } from "../../../src/drive/input/gamepad.ts";
import type { Intent } from "../../../src/drive/input/input.ts";
import { codes } from "../../../src/drive/input/keyboard.ts";
import type { Happening } from "../../../src/drive/input/machine.ts";
import { createSteering } from "../../../src/drive/input/steering.ts";
import { loose, pad } from "./pads.ts";

type Step =
  | { readonly tell: Happening }
  | { readonly waitMs: number }
  | { readonly lostMs: number }
  | { readonly gamepad: GamepadLike | undefined };

const code = fc.constantFrom(...codes.slice(0, 4));
const reach = fc.oneof(fc.double(), fc.constantFrom(0, 1, -1));
const dial = fc.constantFrom(0, 0, 1);
const stick = fc.record({ x: reach, y: reach, dial });
const axis = fc.constantFrom(0, 0, 1, -1, 0.1, 0.5, Number.NaN);

const happenings: fc.Arbitrary<Happening> = fc.oneof(
  fc.constantFrom<Happening>({ type: "opened" }, { type: "opened" }, { type: "closed" }, { type: "typed" }),
  fc.record({ type: fc.constant("released"), dial }),
  fc.record({ type: fc.constant("slowed"), isSlow: fc.boolean() }),
  fc.record({ type: fc.constant("pressed"), code, counts: fc.boolean() }),
  fc.record({ type: fc.constant("lifted"), code }),
  fc.record({ type: fc.constantFrom("taken", "moved"), stick }),
);
const gamepads = fc.oneof(
  { weight: 1, arbitrary: fc.constant(undefined) },
  { weight: 4, arbitrary: fc.constant(pad()) },
  {
    weight: 4,
    arbitrary: fc
      .record({ axes: fc.tuple(axis, axis), down: fc.subarray([12, 13, 14, 15], { maxLength: 1 }) })
      .chain((differs) => fc.constantFrom(pad(differs), pad(differs), loose(differs))),
  },
);
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ tell: happenings }) },
  { weight: 3, arbitrary: fc.record({ waitMs: fc.constantFrom(10, 50, 70, 200, 2_500) }) },
  { weight: 4, arbitrary: fc.record({ gamepad: gamepads }) },
  { weight: 1, arbitrary: fc.record({ lostMs: fc.constantFrom(100, 600) }) },
);

type Said = Intent | "released";

/** Does the steps, and tells after each what was said meanwhile. */
async function play(all: readonly Step[], look: (step: Step | "end", said: readonly Said[]) => void) {
  const clock = createVirtualClock({ startAt: 0, idle: () => Promise.resolve() });
  let lostMs = 0;
  let gamepad: GamepadLike | undefined;
  let said: Said[] = [];
  const steering = createSteering({
    clock: { now: () => clock.now() + lostMs, after: clock.after },
    gamepad: () => gamepad,
    send: (intent) => said.push(intent) > 0,
    released: () => void said.push("released"),
  });
  const looked = (step: Step | "end") => {
    look(step, said);
    said = [];
  };
  for (const step of all) {
    if ("tell" in step) steering.tell(step.tell);
    else if ("waitMs" in step) await clock.advance(step.waitMs);
    else if ("lostMs" in step) lostMs += step.lostMs;
    else {
      gamepad = step.gamepad;
      steering.tell({ type: "plugged", gamepad });
    }
    looked(step);
  }
  steering.end();
  looked("end");
  await clock.advance(5_000);
  expect(said).toEqual([]);
}

/**
 * A model of what is pressed: whether driving is allowed, which keys are down and which of them were pressed for it since, and whether
 * a gamepad was seen in its middle since.
 */
function observer() {
  let isOpen = false;
  const down = new Set<string>();
  let wasCentred = false;
  const isHeld = ({ buttons }: GamepadLike) => [hold.left, hold.right].some((shoulder) => buttons[shoulder]?.pressed);
  const isPushed = ({ axes, buttons }: GamepadLike) =>
    axes.some((one) => Math.abs(one) > 0.1) || buttons.slice(12).some(({ pressed }) => pressed);
  const isCentred = (gamepad: GamepadLike) => gamepad.axes.every(Number.isFinite) && !(isHeld(gamepad) && isPushed(gamepad));
  let gamepad: GamepadLike | undefined;
  return {
    /** Whether this step may begin to drive. */
    sees(step: Step): boolean {
      if ("gamepad" in step) {
        gamepad = step.gamepad;
        if (!gamepad || !isOpen) wasCentred = false;
        else if (isCentred(gamepad)) wasCentred = true;
        return isOpen && wasCentred && gamepad !== undefined && !isCentred(gamepad);
      }
      if ("waitMs" in step && isOpen && gamepad && isCentred(gamepad)) wasCentred = true;
      if (!("tell" in step)) return false;
      const { tell } = step;
      if (tell.type === "opened") isOpen = true;
      if (tell.type === "closed") {
        isOpen = false;
        wasCentred = false;
      }
      if (tell.type === "lifted") down.delete(tell.code);
      if (tell.type !== "pressed") return isOpen && tell.type === "taken";
      const isFresh = tell.counts && !down.has(tell.code);
      down.add(tell.code);
      return isOpen && isFresh;
    },
    isOpen: () => isOpen,
  };
}

test("whatever happens, driving begins with a fresh press only and ends with exactly one zero, and in between all is within bounds", async () => {
  const begun = { tell: 0, gamepad: 0 };
  const property = fc.asyncProperty(fc.array(steps, { maxLength: 60, size: "max" }), async (all) => {
    const world = observer();
    let isDriving = false;
    await play([{ tell: { type: "opened" } }, ...all], (step, said) => {
      const mayBegin = step !== "end" && world.sees(step);
      for (const [index, one] of said.entries()) {
        if (one === "released") {
          expect(isDriving).toBe(true);
          expect(said[index - 1]).toEqual({ linear: 0, angular: 0 });
          isDriving = false;
          continue;
        }
        expect(Number.isFinite(one.linear) && Number.isFinite(one.angular)).toBe(true);
        expect(Math.max(Math.abs(one.linear), Math.abs(one.angular))).toBeLessThanOrEqual(1);
        if (isDriving) continue;
        expect(mayBegin).toBe(true);
        isDriving = true;
        if (step !== "end") begun["tell" in step ? "tell" : "gamepad"] += 1;
      }
      // The steering sends one zero, or one beginning, or nothing.
      if (step === "end" || "tell" in step) expect(said.length).toBeLessThanOrEqual(2);
      if (step === "end" || !world.isOpen()) expect(isDriving).toBe(false);
    });
    expect(isDriving).toBe(false);
  });
  await fc.assert(property, { numRuns: 2_000, seed: 7 });
  expect(Math.min(begun.tell, begun.gamepad)).toBeGreaterThan(500);
});

test("whatever came before, what is pressed anew while driving is allowed drives", async () => {
  const property = fc.asyncProperty(fc.array(steps, { maxLength: 40 }), async (all) => {
    const released: Step[] = codes.map((one) => ({ tell: { type: "lifted", code: one } }));
    const anew: Step[] = [{ tell: { type: "closed" } }, ...released, { tell: { type: "opened" } }, { gamepad: undefined }];
    const sent: Said[] = [];
    await play([...all, ...anew, { tell: { type: "pressed", code: "ArrowUp", counts: true } }, { waitMs: 400 }], (step, said) => {
      if (step !== "end" && "waitMs" in step) sent.splice(0, sent.length, ...said);
    });
    expect(sent).toHaveLength(8);
    expect((sent.at(-1) as Intent).linear).toBeGreaterThanOrEqual(0.5);
  });
  await fc.assert(property, { numRuns: 300, seed: 7 });
});
