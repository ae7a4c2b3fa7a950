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
  expect(talkWords("missing", speaker)).toBe("There is no microphone. Connect one, and talk again.");
  expect(talkWords("off", { state: "live" })).toBeUndefined();
});

test("one is told to be heard once the robot agreed and its speaker plays, and not before", () => {
  expect(talkWords("on", { state: "live" })).toBe("You are heard at the robot.");
  expect(talkWords("starting", { state: "live" })).toBe("The speaker starts.");
  for (const state of ["off", "starting"] as const) expect(talkWords("on", { state })).toBe("The speaker starts.");
  expect(talkWords("starting", undefined)).toBe("The speaker starts.");
});
