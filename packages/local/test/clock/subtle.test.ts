import { webcrypto } from "node:crypto";
import { expect, it } from "vitest";
import { createQuiet } from "../../src/clock/quiet.ts";
import { nextTurn, realClock } from "../../src/clock/real.ts";
import { trackSubtle } from "../../src/clock/subtle.ts";

it("counts WebCrypto until its result is there, and can be undone", async () => {
  const quiet = createQuiet({ clock: realClock, turn: nextTurn });
  const undo = trackSubtle(quiet, webcrypto.subtle);
  const digest = webcrypto.subtle.digest("SHA-256", new Uint8Array(1_000_000));
  expect(quiet.open()).toEqual(["subtle.digest"]);
  await quiet.idle();
  expect((await digest).byteLength).toBe(32);
  undo();
  const uncounted = webcrypto.subtle.digest("SHA-256", new Uint8Array(1));
  expect(quiet.open()).toEqual([]);
  await uncounted;
});
