import { describe, expect, test } from "vitest";
import { needs, viewer } from "./viewer.ts";

describe("a viewer of cameras", () => {
  test("gets those it watches, with no gap where one was paused, and a keyframe when it comes back", () => {
    const { watching, front, rear, got } = viewer();
    for (const one of [front, rear]) one.send(10, "keyframe");
    watching.choose(["rear"]);
    for (const one of [front, rear]) one.send(11);
    expect([got, watching.allowances.get("front")]).toEqual([{ front: [1], rear: [1, 2] }, 0]);
    const before = front.keyframes();
    watching.choose(["rear", "front"]);
    // Pictures that depend on those of the pause cannot be shown.
    for (const one of [front, rear]) one.send(499);
    expect([got, front.keyframes()]).toEqual([{ front: [1], rear: [1, 2, 490] }, before + 1]);
    for (const one of [front, rear]) one.send(500, "keyframe");
    expect(got).toEqual({ front: [1, 2], rear: [1, 2, 490, 491] });
  });

  test("whose path narrows keeps the first camera, and the others are paused", async () => {
    const { clock, watching, front, got } = viewer();
    const second = async () => {
      for (let n = 0; n < 5; n += 1) {
        for (let sent = 0; sent < 50; sent += 1) front.send(got.front.length + 10);
        watching.feedback("front", { ...needs, estimate: 300_000 });
        await clock.advance(200);
      }
    };
    expect([...watching.allowances.values()]).toEqual([1_000_000, 1_000_000]);
    front.send(9, "keyframe");
    await second();
    expect([...watching.allowances.values()]).toEqual([255_000, 0]);
  });

  test("gets again what was lost, and a keyframe in place of what is gone", () => {
    const { watching, front, got } = viewer();
    front.send(10, "keyframe");
    front.send(11);
    const before = front.keyframes();
    watching.feedback("front", { ...needs, missing: [2] });
    expect([got.front, front.keyframes()]).toEqual([[1, 2, 2], before]);
    watching.feedback("front", { ...needs, missing: [400] });
    watching.feedback("front", { ...needs, needsKeyframe: true });
    watching.feedback("nobody", { ...needs, needsKeyframe: true });
    expect(front.keyframes()).toBe(before + 2);
  });

  test("gets nothing that cannot be shown, once a packet is gone for good, until a keyframe comes", () => {
    const { watching, front, got } = viewer();
    front.send(10, "keyframe");
    watching.feedback("front", { ...needs, missing: [400] });
    front.send(11);
    front.send(12);
    expect(got.front).toEqual([1]);
    front.send(13, "keyframe");
    front.send(14);
    expect(got.front).toEqual([1, 2, 3]);
    // Nobody misses a packet that was lost before the keyframe.
    watching.feedback("front", { ...needs, missing: [0xffff] });
    front.send(15);
    expect(got.front).toEqual([1, 2, 3, 4]);
  });

  test("gets no later slice of a keyframe of which the path refused an earlier one", () => {
    const { watching, front, got } = viewer();
    front.send(10, "keyframe");
    front.send(11, "keyframe");
    front.send(12, "keyframe", 11);
    expect(got.front).toEqual([1, 2, 3]);
    watching.feedback("front", { ...needs, missing: [400] });
    front.send(13, "keyframe", 11);
    expect(got.front).toEqual([1, 2, 3]);
    front.send(14, "keyframe");
    front.send(15, "keyframe", 14);
    expect(got.front).toEqual([1, 2, 3, 4, 5]);
  });

  test("that begins in the middle of a keyframe gets none of it", () => {
    const { watching, front, got } = viewer();
    watching.choose(["rear"]);
    front.send(10, "keyframe");
    watching.choose(["rear", "front"]);
    front.send(11, "keyframe", 10);
    front.send(12);
    expect(got.front).toEqual([]);
    front.send(13, "keyframe");
    expect(got.front).toEqual([1]);
  });

  test("is asked for a keyframe only when it can come through", async () => {
    const { clock, watching, front } = viewer();
    front.send(10, "keyframe");
    watching.feedback("front", { ...needs, arrivals: [{ sequence: 0, at: 0 }] });
    front.send(11);
    watching.feedback("front", { ...needs, arrivals: [{ sequence: 1, at: 200 }] });
    const before = front.keyframes();
    watching.feedback("front", { ...needs, needsKeyframe: true });
    await clock.advance(200);
    expect(front.keyframes()).toBe(before);
    // Nothing is reported any more: the path is taken to be empty.
    await clock.advance(400);
    expect(front.keyframes()).toBeGreaterThan(before);
    front.send(12, "keyframe");
    const after = front.keyframes();
    await clock.advance(400);
    expect(front.keyframes()).toBe(after);
  });

  test("that is gone gets nothing, and leaves no timer", async () => {
    const { clock, watching, front, got } = viewer();
    watching.close();
    front.send(10);
    await clock.advance(1_000);
    expect([got.front, clock.pending]).toEqual([[], 0]);
  });
});
