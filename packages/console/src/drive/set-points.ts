import type { Axis } from "@tether/sdk/client";
import { axesOf, type Intent } from "./input/input.ts";

/** The time in which a key or a stick goes from one end of an axis to the other at full speed, in ms. */
const spanMs = 4_000;
/** A page that stood still makes up for no more than this, in ms. */
const stepMost = 100;

/** The positions to which the axes of a robot are to go that are told where, not how fast. */
export type SetPoints = {
  /** An intent is sent now: goes on with what keys and sticks want, at a share of the speed in percent. */
  advance(intent: Intent, share: number, now: number): void;
  /** A slider is at this position; it counts while the slider is held. */
  set(axis: string, position: number): void;
  hold(axis: string): void;
  release(axis: string): void;
  releaseAll(): void;
  readonly isHeld: boolean;
  /** The positions that are wanted just now. One that nobody holds is in no command: the axis keeps to the last. */
  command(): Readonly<Record<string, number>>;
  /** The position to be shown: where it is to go while it is held, else where it is. */
  shown(axis: Axis): number;
};

export const isByPosition = ({ by }: Axis): boolean => by === "position";

const within = ({ least, most }: Axis, position: number) => Math.max(least, Math.min(most, position));

/** `measured` is where an axis is, as the robot tells; undefined where it does not. */
export function createSetPoints(axes: readonly Axis[], measured: (axis: string) => number | undefined): SetPoints {
  const targets = new Map<string, number>();
  const held = new Set<string>();
  const moving = new Set<string>();
  let advancedAt = Number.NEGATIVE_INFINITY;

  /** A hold begins where the axis is: an old target must not make it jump. */
  const begin = (axis: Axis) => within(axis, measured(axis.name) ?? targets.get(axis.name) ?? 0);

  return {
    advance(intent, share, now) {
      const wishes = axesOf(intent);
      const elapsedMs = Math.max(0, Math.min(stepMost, now - advancedAt));
      advancedAt = now;
      for (const [at, axis] of axes.entries()) {
        const wish = Math.max(-1, Math.min(1, wishes[at] ?? 0));
        if (!isByPosition(axis) || held.has(axis.name)) continue;
        if (wish === 0 || !Number.isFinite(wish)) moving.delete(axis.name);
        else {
          const goesOn = moving.has(axis.name);
          const from = goesOn ? (targets.get(axis.name) ?? begin(axis)) : begin(axis);
          const by = goesOn ? (wish * (axis.most - axis.least) * share * elapsedMs) / (100 * spanMs) : 0;
          moving.add(axis.name);
          targets.set(axis.name, within(axis, from + by));
        }
      }
    },
    set(name, position) {
      const axis = axes.find((one) => one.name === name);
      if (axis && Number.isFinite(position)) targets.set(name, within(axis, position));
    },
    hold(name) {
      const axis = axes.find((one) => one.name === name);
      if (!axis || held.has(name)) return;
      targets.set(name, begin(axis));
      held.add(name);
    },
    release(name) {
      held.delete(name);
      moving.delete(name);
    },
    releaseAll() {
      held.clear();
      moving.clear();
    },
    get isHeld() {
      return held.size > 0;
    },
    command: () => Object.fromEntries([...targets].filter(([name]) => held.has(name) || moving.has(name))),
    shown: (axis) =>
      within(
        axis,
        (held.has(axis.name) || moving.has(axis.name) ? targets.get(axis.name) : measured(axis.name)) ?? targets.get(axis.name) ?? 0,
      ),
  };
}
