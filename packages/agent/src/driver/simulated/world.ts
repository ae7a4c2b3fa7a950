/** An upright box on the floor, aligned with the axes. Metres; `hue` is its colour, in turns. */
export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly depth: number; readonly hue: number };

/** A position in metres and a heading in radians, counterclockwise from the x axis. */
export type Pose = { readonly x: number; readonly y: number; readonly heading: number };

/** A walled floor from the origin to its width and depth, in metres, with the boxes on it. */
export type World = { readonly width: number; readonly depth: number; readonly boxes: readonly Box[]; readonly start: Pose };

export const yard: World = {
  width: 8,
  depth: 6,
  boxes: [
    { x: 2.6, y: 3.9, width: 0.8, depth: 0.8, hue: 0.02 },
    { x: 5.2, y: 1, width: 1, depth: 0.6, hue: 0.35 },
    { x: 6.2, y: 4.2, width: 0.5, depth: 1, hue: 0.6 },
    { x: 3.8, y: 0, width: 0.3, depth: 1.4, hue: 0.85 },
    { x: 0.8, y: 4.6, width: 0.6, depth: 0.4, hue: 0.15 },
  ],
  start: { x: 1.2, y: 1.8, heading: 0.3 },
};

/** Whether a disc fits there without touching anything. */
export function isFree({ width, depth, boxes }: World, { x, y }: { readonly x: number; readonly y: number }, radius: number): boolean {
  if (!(x >= radius && y >= radius && x <= width - radius && y <= depth - radius)) return false;
  return boxes.every((box) => {
    const [dx, dy] = [beyond(x, box.x, box.x + box.width), beyond(y, box.y, box.y + box.depth)];
    return dx * dx + dy * dy >= radius * radius;
  });
}

/** How far a number is outside of a range. */
function beyond(at: number, least: number, most: number): number {
  return Math.max(least - at, at - most, 0);
}
