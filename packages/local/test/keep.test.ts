import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Damaged, keepIn, makeDataDir } from "../src/keep.ts";

let parent = "";
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "tether-keep-"));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const others = (path: string) => statSync(path).mode & 0o077;

function text(value: unknown): string {
  if (typeof value !== "string") throw new Error(`not a text: ${value}`);
  return value;
}
const word = { name: "word", read: text, loses: "the word is another one" };

test("a value is kept for its owner only, and nothing is there before it was saved", async () => {
  const keep = keepIn(parent, word);
  expect(await keep.load()).toBeUndefined();
  await keep.save("open sesame");
  expect([await keep.load(), others(join(parent, "word.json"))]).toEqual(["open sesame", 0]);
});

test.each(["", "{", "null", '{"word":1}'])("a file that holds %j is named with what its loss means, and left as it is", async (damaged) => {
  const path = join(parent, "word.json");
  writeFileSync(path, damaged);
  const failed = await keepIn(parent, word)
    .load()
    .catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(Damaged);
  expect(String(failed)).toMatch(/word\.json is damaged.*the word is another one/);
  expect(readFileSync(path, "utf8")).toBe(damaged);
});

test("what a damaged file holds is not told", async () => {
  writeFileSync(join(parent, "word.json"), '"open sesame');
  await expect(keepIn(parent, word).load()).rejects.not.toThrow(/sesame/);
});

test("a data directory is its owner's only, also one that an earlier version made; a directory of somebody else's keeps its mode", async () => {
  const own = join(parent, "deep", "own");
  await makeDataDir(own);
  expect(others(own)).toBe(0);
  writeFileSync(join(own, "ticket-ring.json"), "{}");
  chmodSync(own, 0o755);
  await makeDataDir(own);
  expect(others(own)).toBe(0);
  chmodSync(parent, 0o755);
  await makeDataDir(parent);
  expect(others(parent)).toBe(0o055);
});
