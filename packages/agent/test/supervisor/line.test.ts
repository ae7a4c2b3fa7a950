import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { createCutter } from "../../src/supervisor/line.ts";

function cut(most: number, ...chunks: string[]): string[] {
  const lines: string[] = [];
  const cutter = createCutter(most, (line) => lines.push(line));
  for (const chunk of chunks) cutter.put(Buffer.from(chunk));
  cutter.end();
  return lines;
}

describe("a stream of lines", () => {
  test.prop([fc.array(fc.stringMatching(/^[^\r\n]{0,6}$/)), fc.array(fc.nat(12))])(
    "is the same however it comes in pieces",
    (lines, sizes) => {
      const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
      const got: string[] = [];
      const cutter = createCutter(1_000, (line) => got.push(line));
      let at = 0;
      for (const size of sizes) {
        cutter.put(bytes.subarray(at, at + size));
        at += size;
      }
      cutter.put(bytes.subarray(at));
      expect(got).toEqual(lines);
    },
  );

  test("is cut where a line is longer than may be, and goes on after it", () => {
    expect(cut(4, "abcd\nabcde\n", "abc", "defgh", "i\nz\n")).toEqual(["abcd", "abcd", "abcd", "z"]);
  });

  test("that ends without a line break has a last line all the same", () => {
    expect(cut(4, "a\r\nb")).toEqual(["a", "b"]);
  });

  test("takes no more memory than its longest line, whatever comes", () => {
    const cutter = createCutter(1_024, () => {});
    const chunk = Buffer.alloc(1024 * 1024, "x");
    cutter.put(chunk);
    const before = process.memoryUsage();
    for (let times = 0; times < 512; times += 1) cutter.put(chunk);
    const after = process.memoryUsage();
    expect(after.arrayBuffers + after.external - before.arrayBuffers - before.external).toBeLessThan(32 * 1024 * 1024);
  });
});
