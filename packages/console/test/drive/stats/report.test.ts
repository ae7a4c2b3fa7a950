import { fc, test } from "@fast-check/vitest";
import { expect, test as plain } from "vitest";
import { read } from "../../../src/drive/stats/report.ts";
import { between } from "../../../src/drive/stats/sample.ts";
import { chromium, firefox } from "./reports.ts";

const first = { seconds: 10, bytes: 1_000_000, packets: 1_000, lost: 5, frames: 300 };
const second = { seconds: 12, bytes: 1_500_000, packets: 1_490, lost: 15, frames: 356 };

plain("of two reports of Chromium all is known", () => {
  expect(between(read(chromium(first)), read(chromium(second)), { commandAgeMs: 31, roundTripMs: 80 })).toEqual({
    roundTripMs: 56,
    commandAgeMs: 31,
    fps: 28,
    bitrate: 2_000_000,
    loss: 0.02,
    jitterMs: 3,
    bufferMs: expect.closeTo(45, 6),
    codec: "VP8",
    size: { width: 640, height: 480 },
    path: { isRelayed: false, protocol: "UDP" },
  });
});

plain("of two reports of Firefox what it leaves out is not known, and the robot's round trip stands in", () => {
  const sample = between(read(firefox(first)), read(firefox(second)), { roundTripMs: 80 });
  expect(sample).toMatchObject({ roundTripMs: 80, fps: 28, bitrate: 2_000_000, loss: 0.02, jitterMs: 4 });
  expect(sample).toMatchObject({ commandAgeMs: undefined, codec: undefined, size: undefined, path: { isRelayed: true, protocol: "TLS" } });
});

plain("the first report of a connection has no differences", () => {
  const sample = between(undefined, read(chromium(first)), undefined);
  expect(sample).toMatchObject({ fps: undefined, bitrate: undefined, loss: undefined });
  expect(sample).toMatchObject({ roundTripMs: 56, jitterMs: 3, codec: "VP8" });
});

plain("where counts began again there is a gap, and no figure below zero", () => {
  const began = { seconds: 13, bytes: 10, packets: 1, lost: 0, frames: 1 };
  const sample = between(read(chromium(second)), read(chromium(began)), undefined);
  expect(sample).toMatchObject({ fps: undefined, bitrate: undefined, loss: undefined });
  const another = { IT01V1: { id: "IT01V7" } };
  expect(between(read(chromium(first)), read(chromium(second, another)), undefined).bitrate).toBeUndefined();
});

plain("another pair of candidates, as after an ICE restart, changes the path and no count", () => {
  const moved = chromium(second, {
    T01: { selectedCandidatePairId: "CP2" },
    CP1: { id: "CP2", currentRoundTripTime: 0.12 },
    I2: { candidateType: "relay", protocol: "udp" },
  });
  expect(between(read(chromium(first)), read(moved), undefined)).toMatchObject({
    path: { isRelayed: true, protocol: "UDP" },
    roundTripMs: 120,
    bitrate: 2_000_000,
  });
});

plain("a picture that stands still has no frames, no bits, and no loss to speak of", () => {
  const still = { ...second, seconds: 13 };
  expect(between(read(chromium(second)), read(chromium(still)), undefined)).toMatchObject({ fps: 0, bitrate: 0, loss: undefined });
});

plain("a packet that was given up and came after all is no loss below zero", () => {
  const came = { ...second, seconds: 13, packets: second.packets + 10, lost: second.lost - 3 };
  expect(between(read(chromium(second)), read(chromium(came)), undefined).loss).toBe(0);
});

plain("two reports of the same moment have no rates", () => {
  expect(between(read(chromium(first)), read(chromium({ ...second, seconds: 10 })), undefined)).toMatchObject({
    fps: undefined,
    bitrate: undefined,
  });
});

plain("of several videos the one that brought most counts", () => {
  const camera = (id: string, bytes: number, width: number) => ({
    ...chromium(first).find(({ id }) => id === "IT01V1"),
    id,
    bytesReceived: bytes,
    frameWidth: width,
    timestamp: bytes,
  });
  const [before, now] = [
    [camera("a", 5_000, 320), camera("b", 1_000, 1_280)],
    [camera("a", 6_000, 320), camera("b", 3_000, 1_280)],
  ];
  expect(between(read(before), read(now), undefined).size?.width).toBe(1_280);
});

plain("a candidate pair that is not in use is no path", () => {
  const open = chromium(first, { T01: { selectedCandidatePairId: undefined }, CP1: { nominated: false, state: "in-progress" } });
  expect(read(open)).toMatchObject({ path: undefined, roundTripMs: undefined });
});

const value = fc.oneof(fc.double(), fc.string(), fc.constant(undefined), fc.constant(null));
const figures = ["bytesReceived", "packetsReceived", "packetsLost", "framesDecoded", "jitter", "timestamp", "frameWidth", "mimeType"];
const odd = fc.dictionary(fc.constantFrom(...figures), value);

test.prop([odd, odd])("whatever a browser says, a figure is a number from zero up or not known", (one, other) => {
  const [a, b] = [one, other].map((differs) => read([...chromium(first, { IT01V1: differs, CIT01_96: differs }), null, 7]));
  const { fps, bitrate, loss, roundTripMs } = between(a, b, undefined);
  for (const figure of [fps, bitrate, loss, roundTripMs]) expect(figure === undefined || figure >= 0).toBe(true);
});
