import { fc, test } from "@fast-check/vitest";
import { fieldsOf, markFields, markOf } from "@tether/protocol/picture-mark";
import { expect } from "vitest";
import { fieldsIn } from "../../../src/drive/picture/mark-reader.ts";

test.prop([fc.nat(2 ** 32 - 1), fc.array(fc.integer({ min: -90, max: 90 }), { minLength: 7, maxLength: 7 })])(
  "a mark is read where the codec made its fields uneven [R34]",
  (mark, noise) => {
    const fields = fieldsOf(mark);
    const [width, height] = [markFields.columns * 4, markFields.rows * 4];
    const data = new Uint8ClampedArray(width * height * 4);
    for (let at = 0; at < width * height; at += 1) {
      const [x, y] = [at % width, Math.floor(at / width)];
      const bit = fields[Math.floor(y / 4) * markFields.columns + Math.floor(x / 4)];
      data.fill((bit ? 235 : 16) + (noise[at % 7] ?? 0), at * 4, at * 4 + 4);
    }
    expect(markOf(fieldsIn(data))).toBe(mark);
  },
);
