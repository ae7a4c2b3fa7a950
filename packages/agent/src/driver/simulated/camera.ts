import { markFields } from "@tether/protocol/picture-mark";
import type { Frame } from "../driver.ts";
import { drawMark } from "../mark.ts";
import { cast } from "./ray.ts";
import type { Pose, World } from "./world.ts";

/** Pixels, and the angle it sees, in radians. */
export const picture = { width: 320, height: 240, angle: 1.2 } as const;

const { width, height } = picture;
const focal = width / 2 / Math.tan(picture.angle / 2);
const horizon = height / 2;
/** Metres above the floor. */
const [eye, wallTop] = [0.3, 0.9];
const markTop = height * (1 - markFields.height);
/** Floor tiles, in metres. */
const tile = 0.5;
const stripeWidth = 12;

/**
 * The camera's picture from a pose. Along the lower edge runs a stripe from picture to picture, so that a person sees a frozen one;
 * below it is the picture's mark, for programs.
 */
export function look(world: World, pose: Pose, count: number, mark = 0): Frame & { readonly mark: number } {
  const data = new Uint8Array((width * height * 3) / 2);
  const [u, v] = [width * height, (width * height * 5) / 4];
  const stripeAt = (count * stripeWidth) % width;

  const put = (column: number, row: number, luma: number, blue: number, red: number) => {
    data[row * width + column] = luma;
    if ((column | row) & 1) return;
    const at = (row >> 1) * (width >> 1) + (column >> 1);
    data[u + at] = blue;
    data[v + at] = red;
  };

  for (let column = 0; column < width; column += 1) {
    const aside = (width / 2 - column - 0.5) / focal;
    const [cos, sin] = [Math.cos(pose.heading), Math.sin(pose.heading)];
    // Not a unit vector: along it, a distance is that from the picture's plane.
    const [dx, dy] = [cos - aside * sin, sin + aside * cos];
    const length = Math.hypot(dx, dy);
    const hit = cast(world, pose, dx / length, dy / length);
    const away = Math.max(hit.distance / length, 0.01);
    const top = Math.max(0, Math.round(horizon - ((wallTop - eye) * focal) / away));
    const foot = Math.min(height, Math.round(horizon + (eye * focal) / away));
    const shade = (hit.facing === "x" ? 1 : 0.75) / (1 + away * 0.18);
    const [luma, blue, red] = [30 + 190 * shade, chroma(hit.hue), chroma(hit.hue + 0.25)];
    for (let row = 0; row < top; row += 1) put(column, row, 200 - row / 4, 136, 122);
    for (let row = top; row < foot; row += 1) put(column, row, luma, blue, red);
    for (let row = foot; row < height; row += 1) {
      const far = (eye * focal) / (row - horizon + 0.5);
      const [x, y] = [pose.x + dx * far, pose.y + dy * far];
      const isDark = (Math.floor(x / tile) + Math.floor(y / tile)) & 1;
      put(column, row, (isDark ? 70 : 115) + 60 / (1 + far), 126, 130);
    }
    const isStripe = column >= stripeAt && column < stripeAt + stripeWidth;
    for (let row = markTop - 4; row < markTop; row += 1) put(column, row, isStripe ? 235 : 16, 128, 128);
  }
  drawMark({ width, height, data }, mark);
  return { width, height, data, mark };
}

function chroma(turns: number): number {
  return 128 + 44 * Math.sin(2 * Math.PI * turns);
}
