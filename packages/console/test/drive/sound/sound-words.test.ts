import { expect, test } from "vitest";
import { soundWords, talkWords } from "../../../src/drive/sound/sound-words.ts";

test("what keeps the sound from being heard is told, and sound that comes is not", () => {
  expect(soundWords({ state: "failed", says: "Its program ended." })).toBe(
    "The microphone failed: Its program ended. It is started again.",
  );
  expect(soundWords({ state: "paused" })).toContain("does not bear it");
  expect(soundWords({ state: "starting" })).toBe("The microphone starts.");
  for (const state of ["off", "live"] as const) expect(soundWords({ state })).toBeUndefined();
});

test("what keeps the robot from being talked to is told, and what the browser says comes first", () => {
  const speaker = { state: "failed", says: "It is busy." } as const;
  expect(talkWords("off", speaker)).toBe("The speaker failed: It is busy. It is started again.");
  expect(talkWords("refused", speaker)).toContain("gave no microphone");
  expect(talkWords("asking", speaker)).toContain("asks for the microphone");
  expect(talkWords("on", { state: "live" })).toBeUndefined();
});
