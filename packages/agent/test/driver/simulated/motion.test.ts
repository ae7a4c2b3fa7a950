import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fc, test as prop } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import {
  advance,
  atRest,
  body,
  halt,
  isAtRest,
  type Motion,
  standsWithinMs,
  stepMs,
  velocity,
  want,
} from "../../../src/driver/simulated/motion.ts";
import { isFree, type World, yard } from "../../../src/driver/simulated/world.ts";

const speed = fc.double({ min: -5, max: 5, noNaN: true });
const command = fc.record({ linear: speed, angular: fc.double({ min: -20, max: 20, noNaN: true }), forMs: fc.nat(1_500) });
const box = fc.record({
  x: fc.double({ min: 0, max: 7, noNaN: true }),
  y: fc.double({ min: 0, max: 5, noNaN: true }),
  width: fc.double({ min: 0.05, max: 2, noNaN: true }),
  depth: fc.double({ min: 0.05, max: 2, noNaN: true }),
  hue: fc.constant(0),
});
/** Any world in which the robot has room where it starts. */
const anyWorld = fc
  .array(box, { maxLength: 8 })
  .map((boxes): World => ({ ...yard, boxes }))
  .filter((world) => isFree(world, world.start, body.radius));

type Ride = readonly { readonly linear: number; readonly angular: number; readonly forMs: number }[];

/** Every step of a ride. */
function steps(world: World, ride: Ride): Motion[] {
  const all = [atRest(world, 0)];
  for (const { forMs, ...velocity } of ride) {
    let motion = want(all.at(-1) ?? atRest(world, 0), velocity);
    for (const end = motion.at + forMs; motion.at + stepMs <= end; all.push(motion)) motion = advance(world, motion, motion.at + stepMs);
  }
  return all;
}

describe("a simulated robot", () => {
  prop.prop([anyWorld, fc.array(command, { maxLength: 12 })])("never leaves its world, and never is in a wall or a box", (world, ride) => {
    for (const { pose } of steps(world, ride)) expect(isFree(world, pose, body.radius)).toBe(true);
  });

  prop.prop([fc.array(command, { maxLength: 8 })])("stands within the time it declares once it is to stop, and stays", (ride) => {
    const moving = steps(yard, ride).at(-1) ?? atRest(yard, 0);
    const stopped = advance(yard, halt(moving), moving.at + standsWithinMs);
    expect([isAtRest(stopped), velocity(stopped)]).toEqual([true, { linear: 0, angular: 0 }]);
    expect(advance(yard, stopped, stopped.at + 60_000).pose).toEqual(stopped.pose);
  });

  prop.prop([command, fc.array(fc.nat(700), { maxLength: 10 })])("is where it is, however often it is looked at", (first, looks) => {
    const begun = want(atRest(yard, 0), first);
    const end = looks.reduce((sum, ms) => sum + ms, 0);
    let [motion, at] = [begun, 0];
    for (const ms of looks) {
      at += ms;
      motion = advance(yard, motion, at);
    }
    expect(motion).toEqual(advance(yard, begun, end));
  });

  prop.prop([fc.array(command, { maxLength: 8 })])("never turns its wheels faster than it can, nor changes their speed quicker", (ride) => {
    const all = steps(yard, ride);
    for (const [index, { wheels, bumped }] of all.entries()) {
      expect(Math.max(Math.abs(wheels.left), Math.abs(wheels.right))).toBeLessThanOrEqual(body.wheelMost + 1e-9);
      const before = all[index - 1]?.wheels;
      if (!before || bumped) continue;
      expect(Math.abs(wheels.left - before.left)).toBeLessThanOrEqual((body.slowsDown * stepMs) / 1_000 + 1e-9);
    }
  });

  test("comes to the speed it was told, and turns the way it was told", () => {
    const ahead = advance(yard, want(atRest(yard, 0), { linear: 0.5, angular: 0 }), 1_000);
    expect(velocity(ahead)).toEqual({ linear: 0.5, angular: 0 });
    expect(ahead.pose.x).toBeGreaterThan(yard.start.x + 0.3);
    const turning = advance(yard, want(atRest(yard, 0), { linear: 0, angular: 1 }), 1_000);
    expect(turning.pose).toMatchObject({ x: yard.start.x, y: yard.start.y });
    expect(turning.pose.heading).toBeGreaterThan(yard.start.heading + 0.5);
  });

  test("against a wall says so, and can still turn", () => {
    const against = advance(yard, want(atRest(yard, 0), { linear: -1, angular: 0 }), 4_000);
    expect(against).toMatchObject({ bumped: true, wheels: { left: 0, right: 0 } });
    const turned = advance(yard, want(against, { linear: 0, angular: 2 }), 5_000);
    expect(turned.pose.heading).not.toBeCloseTo(against.pose.heading, 1);
  });
});

test("docs/driver.md says what it declares", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../../../docs/driver.md"), "utf8");
  expect(page).toContain(`stands within ${standsWithinMs} ms`);
});
