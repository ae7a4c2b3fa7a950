import { expect, test } from "vitest";
import { soundWords } from "../../../src/drive/sound/sound-words.ts";

test("what keeps the sound from being heard is told, and sound that comes is not", () => {
  expect(soundWords({ state: "failed", says: "Its program ended." })).toBe(
    "The microphone failed: Its program ended. It is started again.",
  );
  expect(soundWords({ state: "paused" })).toContain("does not bear it");
  expect(soundWords({ state: "starting" })).toBe("The microphone starts.");
  for (const state of ["off", "live"] as const) expect(soundWords({ state })).toBeUndefined();
});
