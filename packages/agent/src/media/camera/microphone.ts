import * as z from "zod/mini";
import { quote } from "./quote.ts";
import type { Source } from "./source.ts";

/** The robot's microphone, as it is configured. */
export const MicrophoneSettings = z.strictObject({
  /** Where the sound comes from: see `microphones`. */
  source: z.string().check(z.minLength(1), z.maxLength(4_096)),
  /** The bitrate of its Opus, in kbit/s. Default: 32. */
  kbits: z.optional(z.int().check(z.gte(8), z.lte(128))),
});
export type MicrophoneSettings = z.infer<typeof MicrophoneSettings>;

/** A microphone as the agent runs it: its program is started, watched and started again as a camera's is. */
export type Microphone = { readonly name: "microphone"; readonly codec: "opus"; readonly source: string; readonly kbits: number };

export const microphoneOf = ({ source, kbits = 32 }: MicrophoneSettings): Microphone => ({
  name: "microphone",
  codec: "opus",
  source,
  kbits,
});

/** How a source is written, and what it is. */
export const microphones = {
  test: "a tone of 440 Hz",
  "alsa:DEVICE": "a device of ALSA, e.g. alsa:plughw:1",
  "pulse[:SOURCE]": "a source of PulseAudio or PipeWire; the default one without a name",
  "gst:PIPELINE": "the part of a GStreamer pipeline that ends in raw sound",
  "rtp:COMMAND": "a program that sends Opus as RTP to 127.0.0.1:$TETHER_RTP_PORT; passed on as it is",
} as const;

/** Reads a source. Undefined: it is none of `microphones`. */
export function readMicrophone(source: string): Source | undefined {
  if (source === "test") return pipelineOf("audiotestsrc is-live=true freq=440 volume=0.3");
  return readSound(source, "src");
}

const pipelineOf = (pipeline: string): Source => ({ kind: "pipeline", pipeline, isEncoded: false });

/** Reads what microphones and speakers have in common. GStreamer's elements have the same names but for their end. */
export function readSound(written: string, end: "src" | "sink"): Source | undefined {
  if (written === "pulse") return pipelineOf(`pulse${end}`);
  const [, kind, rest = ""] = /^([a-z]+):(.+)$/s.exec(written) ?? [];
  if (kind === "alsa" || kind === "pulse") return pipelineOf(`${kind}${end} device=${quote(rest)}`);
  if (kind === "gst") return pipelineOf(rest);
  return kind === "rtp" ? { kind: "program", command: rest } : undefined;
}
