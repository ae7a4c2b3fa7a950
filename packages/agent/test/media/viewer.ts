import { createVirtualClock } from "../../../sdk/test/virtual-clock.ts";
import type { Camera, Sink } from "../../src/media/camera/camera.ts";
import { ownIds, readRtp } from "../../src/media/rtp.ts";
import { createWatching } from "../../src/media/watching.ts";

const packetOf = (unit: string) =>
  Buffer.concat([Buffer.from("80e600010000006400000001", "hex"), Buffer.from(unit, "hex"), Buffer.alloc(1_000)]);
/** Slices of H.264: one that needs those before it, and one that does not. */
export const packets = { slice: packetOf("41"), keyframe: packetOf("65") } as const;

function camera(name: string) {
  const sinks = new Set<Sink>();
  let keyframes = 0;
  const made: Camera = {
    settings: { name, source: "test", kbits: 1_000 },
    state: { state: "live" },
    watch(sink) {
      sinks.add(sink);
      return () => void sinks.delete(sink);
    },
    requestKeyframe: () => {
      keyframes += 1;
    },
    setBitrate() {},
    close: async () => {},
  };
  /** Sends that packet of its stream to whoever watches it. */
  const send = (sequence: number, kind: keyof typeof packets = "slice", frame = sequence) => {
    for (const sink of [...sinks]) sink(packets[kind], { sequence, timestamp: frame * 3_000, isLastOfFrame: true }, frame === sequence);
  };
  return { made, send, keyframes: () => keyframes };
}

/** A viewer of two cameras, and the sequence numbers that it gets of each. */
export function viewer() {
  const clock = createVirtualClock();
  let changes = 0;
  const watching = createWatching(clock, () => {
    changes += 1;
  });
  const [front, rear] = [camera("front"), camera("rear")];
  const got = { front: [] as number[], rear: [] as number[] };
  for (const [name, one] of [
    ["front", front],
    ["rear", rear],
  ] as const)
    watching.add(
      one.made,
      { isOpen: () => true, send: (sent) => void got[name].push(readRtp(sent)?.sequence ?? -1) },
      { payloadType: 102, ssrc: name === "front" ? 1 : 2, ids: ownIds },
    );
  return { clock, watching, front, rear, got, changes: () => changes };
}

export const needs = { needsKeyframe: false, missing: [] } as const;
