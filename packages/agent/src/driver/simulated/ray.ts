import type { World } from "./world.ts";

/** The first surface on a ray: its distance, its colour in turns, and the axis that it faces. */
export type Hit = { readonly distance: number; readonly hue: number; readonly facing: "x" | "y" };

const wallHue = 0.11;

/** Casts a ray along a unit vector from a point inside the walls. */
export function cast({ width, depth, boxes }: World, from: { readonly x: number; readonly y: number }, dx: number, dy: number): Hit {
  const toX = dx === 0 ? Number.POSITIVE_INFINITY : ((dx > 0 ? width : 0) - from.x) / dx;
  const toY = dy === 0 ? Number.POSITIVE_INFINITY : ((dy > 0 ? depth : 0) - from.y) / dy;
  let hit: Hit = toX < toY ? { distance: toX, hue: wallHue, facing: "x" } : { distance: toY, hue: wallHue, facing: "y" };
  for (const box of boxes) {
    const [nearX, farX] = span(from.x, dx, box.x, box.x + box.width);
    const [nearY, farY] = span(from.y, dy, box.y, box.y + box.depth);
    const near = Math.max(nearX, nearY);
    if (near < 0 || near > Math.min(farX, farY) || near >= hit.distance) continue;
    hit = { distance: near, hue: box.hue, facing: nearX > nearY ? "x" : "y" };
  }
  return hit;
}

/** Between which distances along one axis a ray is within a range. */
function span(from: number, step: number, least: number, most: number): readonly [number, number] {
  if (step === 0) {
    const isWithin = from >= least && from <= most;
    return isWithin ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] : [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  }
  const [a, b] = [(least - from) / step, (most - from) / step];
  return a < b ? [a, b] : [b, a];
}
