import * as z from "zod/mini";
import { readSound } from "../camera/microphone.ts";
import type { Source } from "../camera/source.ts";

/** The robot's speaker, as it is configured. */
export const SpeakerSettings = z.strictObject({
  /** Where the sound goes: see `speakers`. */
  sink: z.string().check(z.minLength(1), z.maxLength(4_096)),
});
export type SpeakerSettings = z.infer<typeof SpeakerSettings>;

/** How a sink is written, and what it is. */
export const speakers = {
  "alsa:DEVICE": "a device of ALSA, e.g. alsa:plughw:1",
  "pulse[:SINK]": "a sink of PulseAudio or PipeWire; the default one without a name",
  "gst:PIPELINE": "the part of a GStreamer pipeline that takes raw sound",
  "rtp:COMMAND": "a program that takes Opus as RTP at 127.0.0.1:$TETHER_RTP_PORT",
} as const;

/** Reads a sink. Undefined: it is none of `speakers`. */
export function readSpeaker(sink: string): Source | undefined {
  return readSound(sink, "sink");
}
