import { fc, test as prop } from "@fast-check/vitest";
import { fieldsOf, markFields, markOf } from "@tether/protocol/picture-mark";
import { describe, expect, test } from "vitest";
import { look, picture } from "../../../src/driver/simulated/camera.ts";
import { cast } from "../../../src/driver/simulated/ray.ts";
import { isFree, yard } from "../../../src/driver/simulated/world.ts";

const place = fc
  .record({
    x: fc.double({ min: 0.01, max: yard.width - 0.01, noNaN: true }),
    y: fc.double({ min: 0.01, max: yard.depth - 0.01, noNaN: true }),
  })
  .filter((at) => isFree(yard, at, 0.01));
const angle = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });

describe("a ray", () => {
  prop.prop([place, angle])("ends at the first thing in its way", (from, heading) => {
    const [dx, dy] = [Math.cos(heading), Math.sin(heading)];
    const { distance } = cast(yard, from, dx, dy);
    for (let part = 0.02; part < 1; part += 0.02) {
      const at = { x: from.x + dx * distance * part, y: from.y + dy * distance * part };
      expect(isFree(yard, at, 0)).toBe(true);
      const isInside = yard.boxes.some((box) => at.x > box.x && at.y > box.y && at.x < box.x + box.width && at.y < box.y + box.depth);
      expect(isInside).toBe(false);
    }
    const behind = { x: from.x + dx * (distance + 1e-6), y: from.y + dy * (distance + 1e-6) };
    const isOut = behind.x <= 0 || behind.y <= 0 || behind.x >= yard.width || behind.y >= yard.depth;
    const isIn = yard.boxes.some(
      (box) => behind.x >= box.x && behind.y >= box.y && behind.x <= box.x + box.width && behind.y <= box.y + box.depth,
    );
    expect(isOut || isIn).toBe(true);
  });
});

describe("a picture", () => {
  /** Luma of a row, of what is above the mark. */
  const row = (data: Uint8Array, at: number) => data.subarray(at * picture.width, (at + 1) * picture.width);

  test("is a whole I420 frame", () => {
    const { width, height, data } = look(yard, yard.start, 0);
    expect(data).toHaveLength((width * height * 3) / 2);
    expect(data.every((value) => value > 0)).toBe(true);
  });

  test("changes when the robot turns or goes on, and but for the mark only then", () => {
    const { start } = yard;
    const middle = (pose: typeof start, count = 0) => [...row(look(yard, pose, count).data, picture.height * 0.75)];
    expect(middle(start, 5)).toEqual(middle(start));
    expect(middle({ ...start, heading: start.heading + 0.1 })).not.toEqual(middle(start));
    expect(middle({ ...start, x: start.x + 0.1 })).not.toEqual(middle(start));
    expect(look(yard, start, 1).data).not.toEqual(look(yard, start, 0).data);
  });

  test("shows a wall larger the nearer it is", () => {
    const world = { ...yard, boxes: [] };
    /** Rows of the middle column between ceiling and floor. */
    const wallOf = (x: number) => {
      const { data } = look(world, { x, y: 3, heading: 0 }, 0);
      const column = Array.from({ length: picture.height }, (_, at) => data[at * picture.width + picture.width / 2] ?? 0);
      const luma = column[picture.height / 2];
      return column.filter((value) => value === luma).length;
    };
    expect(wallOf(7)).toBeGreaterThan(wallOf(5) * 1.5);
  });

  prop.prop([fc.integer({ min: 0, max: 2 ** 32 - 1 })])("has its mark in its lower edge, in luma alone [R34]", (mark) => {
    const { width, height, data } = look(yard, yard.start, 0, mark);
    const [fieldWidth, fieldHeight] = [width / markFields.columns, (height * markFields.height) / markFields.rows];
    const top = height * (1 - markFields.height);
    const fields = fieldsOf(mark).map((_, at) => {
      const [line, column] = [Math.floor(at / markFields.columns), at % markFields.columns];
      return (data[Math.floor(top + (line + 0.5) * fieldHeight) * width + Math.floor((column + 0.5) * fieldWidth)] ?? 0) > 128;
    });
    expect(markOf(fields)).toBe(mark);
    const chroma = [1, 1.25].map((part) =>
      data.subarray(width * height * part).subarray((top / 2) * (width / 2), (height / 2) * (width / 2)),
    );
    expect(chroma.every((plane) => plane.every((value) => value === 128))).toBe(true);
  });
});
