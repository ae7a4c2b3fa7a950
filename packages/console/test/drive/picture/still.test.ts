import { expect, test } from "vitest";
import { stillName } from "../../../src/drive/picture/still.ts";

const at = Date.UTC(2026, 4, 3, 12, 30, 5, 7);

test.each([
  [{ robot: "Rover 2", camera: "front", capturedAt: at }, "Rover-2_front_2026-05-03T123005-007Z.png"],
  [{ robot: "../Übung/№1", camera: undefined, capturedAt: at }, "Übung-1_2026-05-03T123005-007Z.png"],
  [{ robot: "…", camera: "a:b", capturedAt: undefined }, "a-b_shown-2026-05-03T123006-007Z.png"],
])("a snapshot is named by robot, camera and when it was taken: %o", (taken, name) => {
  expect(stillName({ ...taken, shownAt: at + 1_000 })).toBe(name);
});
