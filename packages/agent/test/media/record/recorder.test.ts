import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { McapStreamReader } from "@mcap/core";
import { createVirtualClock } from "@tether/local/clock/virtual";
import { expect, test } from "vitest";
import { createRecorder, keptMost, type Recording, span } from "../../../src/media/record/recorder.ts";
import { createRing } from "../../../src/media/record/ring.ts";
import { folder } from "../../agent-process.ts";

/** The messages of a file: topic, time in ms, and value. */
function messagesIn(path: string) {
  const reader = new McapStreamReader();
  reader.append(readFileSync(path));
  const topics = new Map<number, string>();
  const found: { topic: string | undefined; at: number; value: unknown }[] = [];
  for (let record = reader.nextRecord(); record; record = reader.nextRecord()) {
    if (record.type === "Channel") topics.set(record.id, record.topic);
    if (record.type === "Message")
      found.push({
        topic: topics.get(record.channelId),
        at: Number(record.logTime / 1_000_000n),
        value: JSON.parse(new TextDecoder().decode(record.data)),
      });
  }
  return found;
}

function begun() {
  const clock = createVirtualClock({ startAt: Date.UTC(2026, 0, 1), idle: async () => {} });
  const path = folder();
  const saved: (Recording | { failed: string })[] = [];
  const recorder = createRecorder({ folder: path, clock, saved: (one) => saved.push(one) });
  const note = (topic: string, value: unknown) => recorder.put({ kind: "message", topic, at: clock.now(), value });
  return { clock, path, saved, recorder, note };
}

test("what came before a stop and shortly after it is one file, with pictures from their first keyframe on", async () => {
  const { clock, path, saved, recorder, note } = begun();
  const at = clock.now();
  note("/command", { linear: 9 });
  await clock.advance(span.beforeMs + span.afterMs);
  note("/command", { linear: 0.5 });
  for (const [data, isKeyframe] of [
    ["lost", false],
    ["key", true],
    ["next", false],
  ] as const)
    recorder.put({ kind: "frame", topic: "/camera/front", at: clock.now(), data: Buffer.from(data), isKeyframe, format: "h264" });
  recorder.keep("stop");
  recorder.keep("blind");
  await clock.advance(1_000);
  note("/event", "stood");
  await clock.advance(1_000);
  await recorder.close();
  const [{ name }] = (await recorder.list()) as [Recording];
  expect(name).toBe("2026-01-01T00-00-34.000Z-stop.mcap");
  expect(saved).toEqual([{ name, bytes: readFileSync(join(path, name)).length }]);
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const first = at + span.beforeMs + span.afterMs;
  expect(messagesIn(join(path, name))).toEqual([
    { topic: "/command", at: first, value: { linear: 0.5 } },
    { topic: "/camera/front", at: first, value: expect.objectContaining({ data: base64("key"), format: "h264" }) },
    { topic: "/camera/front", at: first, value: expect.objectContaining({ data: base64("next") }) },
    { topic: "/event", at: first + 1_000, value: { value: "stood" } },
  ]);
});

test("a STOP that somebody presses right after the robot stopped by itself is in the file's name", async () => {
  const { clock, recorder, note } = begun();
  note("/event", "stood");
  recorder.keep("deadman");
  recorder.keep("stop");
  recorder.keep("blind");
  await clock.advance(span.afterMs);
  await recorder.close();
  expect((await recorder.list()).map(({ name }) => name)).toEqual(["2026-01-01T00-00-02.000Z-stop.mcap"]);
});

test("a file that is gone once it is looked at is not on the list, and the others are", async () => {
  const { path, clock, recorder, note } = begun();
  note("/event", "blow");
  recorder.keep("stop");
  await clock.advance(span.afterMs);
  await recorder.flushed();
  // As one is that is deleted between the two looks at it: its name is there, and it is not.
  symlinkSync(join(path, "nowhere"), join(path, "2026-01-01T00-00-00.000Z-asked.mcap"));
  expect((await recorder.list()).map(({ name }) => name)).toEqual(["2026-01-01T00-00-02.000Z-stop.mcap"]);
});

test("what happened shortly before the end is written at the end, once", async () => {
  const { path, recorder, note } = begun();
  note("/event", "blow");
  recorder.keep("driver.failed");
  await recorder.close();
  await recorder.close();
  expect(readdirSync(path)).toHaveLength(1);
});

test("the newest are kept, and no other file of the folder is touched, told of or served", async () => {
  const { clock, path, recorder } = begun();
  writeFileSync(join(path, "key.json"), "secret");
  for (let n = 0; n <= keptMost; n += 1) {
    recorder.keep("stop");
    await clock.advance(span.afterMs);
    await recorder.flushed();
  }
  const names = (await recorder.list()).map(({ name }) => name);
  expect([names.length, names.includes("2026-01-01T00-00-02.000Z-stop.mcap"), names.at(-1)]).toEqual([
    keptMost,
    false,
    "2026-01-01T00-00-04.000Z-stop.mcap",
  ]);
  expect(readdirSync(path)).toContain("key.json");
  for (const name of ["key.json", "../key.json", "2026-01-01T00-00-02.000Z-stop.mcap/../key.json", ""])
    expect(recorder.pathOf(name)).toBeUndefined();
});

test("a disk that takes nothing is told, and recording goes on", async () => {
  const { path, saved, clock } = begun();
  writeFileSync(join(path, "file"), "");
  const recorder = createRecorder({ folder: join(path, "file"), clock, saved: (one) => saved.push(one) });
  recorder.keep("stop");
  await recorder.close();
  expect(saved).toEqual([{ failed: expect.stringMatching(/EEXIST|ENOTDIR/) }]);
  expect(await recorder.list()).toEqual([]);
});

test("a file that could not be written leaves nothing, and one that a crash left half written goes with the next", async () => {
  const { path, saved, clock, recorder, note } = begun();
  writeFileSync(join(path, "2026-01-01T00-00-00.000Z-stop.mcap.part"), "half");
  const unwritable = () => {
    throw new Error("no text");
  };
  note("/telemetry", { toJSON: unwritable });
  recorder.keep("stop");
  await clock.advance(span.afterMs);
  await recorder.flushed();
  expect(saved).toEqual([{ failed: "no text" }]);
  expect(readdirSync(path)).toEqual([]);
});

test("a robot whose clock is years behind keeps what it recorded last", async () => {
  const { clock, path, recorder } = begun();
  for (let n = 0; n < keptMost; n += 1) writeFileSync(join(path, `2030-01-01T00-00-${String(n).padStart(2, "0")}.000Z-stop.mcap`), "");
  recorder.keep("stop");
  await clock.advance(span.afterMs);
  await recorder.flushed();
  const names = (await recorder.list()).map(({ name }) => name);
  expect([names.length, names.at(-1), names.at(-2)]).toEqual([
    keptMost,
    "2026-01-01T00-00-02.000Z-stop.mcap",
    "2030-01-01T00-00-01.000Z-stop.mcap",
  ]);
});

test("recordings leave room on the disk: the oldest go for a new one, unless all of them were not enough", async () => {
  const { clock, path, saved } = begun();
  const mib = 1024 * 1024;
  for (const second of [1, 2, 3]) writeFileSync(join(path, `2026-01-01T00-00-0${second}.000Z-asked.mcap`), Buffer.alloc(mib));
  let others = 126 * mib;
  const freeOn = async () => others + (3 - readdirSync(path).filter((name) => name.endsWith("asked.mcap")).length) * mib;
  const recorder = createRecorder({ folder: path, clock, saved: (one) => saved.push(one), freeOn });
  const left = () => readdirSync(path).filter((name) => name.endsWith("asked.mcap")).length;
  for (const [free, stays] of [
    [126 * mib, 1],
    [126 * mib, 1],
    [124 * mib, 1],
  ] as const) {
    others = free;
    recorder.keep("stop");
    await clock.advance(span.afterMs);
    await recorder.flushed();
    expect(left()).toBe(stays);
  }
  expect(saved.map((one) => "name" in one)).toEqual([true, true, false]);
});

test("a disk that frees what is deleted only later loses no more recordings than are needed", async () => {
  const { clock, path, saved } = begun();
  const mib = 1024 * 1024;
  for (const second of [1, 2, 3]) writeFileSync(join(path, `2026-01-01T00-00-0${second}.000Z-asked.mcap`), Buffer.alloc(mib));
  const recorder = createRecorder({ folder: path, clock, saved: (one) => saved.push(one), freeOn: async () => 127 * mib });
  recorder.keep("stop");
  await recorder.close();
  expect(readdirSync(path).filter((name) => name.endsWith("asked.mcap"))).toHaveLength(2);
});

test("a ring forgets what a clock that was set made older, or later, than it keeps", () => {
  const ring = createRing(1_000, 100);
  const put = (at: number) => ring.put({ kind: "message", topic: "/event", at, value: "x" });
  put(5_000);
  put(5_500);
  put(4_500);
  expect(ring.all().map(({ at }) => at)).toEqual([5_000, 5_500, 4_500]);
  put(4_499);
  expect(ring.all().map(({ at }) => at)).toEqual([5_000, 5_500, 4_500, 4_499]);
  put(3_999);
  expect(ring.all().map(({ at }) => at)).toEqual([4_500, 4_499, 3_999]);
});

test("a ring forgets by age and by size", () => {
  const ring = createRing(1_000, 10);
  const frame = (at: number, bytes: number) =>
    ({ kind: "frame", topic: "c", at, data: Buffer.alloc(bytes), isKeyframe: true, format: "h264" }) as const;
  for (const at of [0, 500, 1_000]) ring.put(frame(at, 1));
  expect(ring.all().map(({ at }) => at)).toEqual([0, 500, 1_000]);
  ring.put(frame(1_501, 1));
  expect(ring.all().map(({ at }) => at)).toEqual([1_000, 1_501]);
  ring.put(frame(1_502, 9));
  expect(ring.all().map(({ at }) => at)).toEqual([1_501, 1_502]);
});
