import { isFree, type Pose, type World } from "./world.ts";

/** The simulated robot: a disc on two wheels. Metres, m/s, m/s². */
export const body = { radius: 0.22, track: 0.36, wheelMost: 1.2, speedsUp: 1.5, slowsDown: 3 } as const;

/** Time goes in steps of this. */
export const stepMs = 10;

/** The longest time to a standstill, in ms. */
export const standsWithinMs = Math.ceil(((body.wheelMost / body.slowsDown) * 1_000) / stepMs) * stepMs + stepMs;

type Wheels = { readonly left: number; readonly right: number };

/** A robot as it is at an instant in ms. The speeds of its wheels are in m/s, forwards. */
export type Motion = {
  readonly at: number;
  readonly pose: Pose;
  readonly wheels: Wheels;
  /** The speeds that the wheels approach. */
  readonly wanted: Wheels;
  /** Whether the robot drives against an obstacle. */
  readonly bumped: boolean;
};

const still: Wheels = { left: 0, right: 0 };

export function atRest({ start }: World, at: number): Motion {
  return { at, pose: start, wheels: still, wanted: still, bumped: false };
}

/** A speed ahead in m/s and one about itself in rad/s, counterclockwise. */
export type Velocity = { readonly linear: number; readonly angular: number };

export function velocity({ wheels: { left, right } }: Pick<Motion, "wheels">): Velocity {
  return { linear: (left + right) / 2, angular: (right - left) / body.track };
}

/** Aims at a velocity. One beyond the wheels' limit is reduced so that the curve stays the same. */
export function want(motion: Motion, { linear, angular }: Velocity): Motion {
  const turn = (angular * body.track) / 2;
  const scale = Math.min(1, body.wheelMost / Math.max(Math.abs(linear - turn), Math.abs(linear + turn), body.wheelMost));
  return { ...motion, wanted: { left: (linear - turn) * scale, right: (linear + turn) * scale } };
}

export function halt(motion: Motion): Motion {
  return { ...motion, wanted: still };
}

export function isAtRest({ wheels }: Motion): boolean {
  return wheels.left === 0 && wheels.right === 0;
}

/** The robot at a later instant, to the step. The result does not depend on how often this is called. */
export function advance(world: World, motion: Motion, at: number): Motion {
  let now = motion;
  while (now.at + stepMs <= at) {
    const stays = isAtRest(now) && now.wanted.left === 0 && now.wanted.right === 0;
    if (stays) return { ...now, bumped: false, at: now.at + Math.floor((at - now.at) / stepMs) * stepMs };
    now = step(world, now);
  }
  return now;
}

const seconds = stepMs / 1_000;

function step(world: World, { at, pose, wheels, wanted }: Motion): Motion {
  const next = { left: approach(wheels.left, wanted.left), right: approach(wheels.right, wanted.right) };
  const { linear, angular } = velocity({ wheels: next });
  const middle = pose.heading + (angular * seconds) / 2;
  const [x, y] = [pose.x + linear * seconds * Math.cos(middle), pose.y + linear * seconds * Math.sin(middle)];
  const heading = wrapAngle(pose.heading + angular * seconds);
  const moved = { at: at + stepMs, wanted };
  if (isFree(world, { x, y }, body.radius)) return { ...moved, pose: { x, y, heading }, wheels: next, bumped: false };
  // A disc against a wall can still turn.
  const turn = (next.right - next.left) / 2;
  return { ...moved, pose: { ...pose, heading }, wheels: { left: 0 - turn, right: turn }, bumped: true };
}

/** Slowing down is quicker than speeding up, and the way back goes through standing still. */
function approach(speed: number, wanted: number): number {
  const turnsBack = speed * wanted < 0;
  const slows = turnsBack || Math.abs(wanted) < Math.abs(speed);
  const goal = turnsBack ? 0 : wanted;
  const most = (slows ? body.slowsDown : body.speedsUp) * seconds;
  return Math.abs(goal - speed) <= most ? goal : speed + Math.sign(goal - speed) * most;
}

function wrapAngle(angle: number): number {
  return angle - 2 * Math.PI * Math.floor((angle + Math.PI) / (2 * Math.PI));
}
