import * as z from "zod/mini";
import { bounds } from "../allowance.ts";
import { quote } from "./quote.ts";

/** The codecs that a camera can be sent in. */
export const codecs = ["h264", "vp8"] as const;

/** The payload types that cameras and the microphone are sent with: Chromium's own for the same codecs. */
export const payloadTypes = { h264: 102, vp8: 96, opus: 111 } as const satisfies Record<(typeof codecs)[number] | "opus", number>;

/** A camera of the robot, as it is configured. */
export const CameraSettings = z.strictObject({
  /** 1 to 32 letters, digits, “-” and “_”. Operators see it. */
  name: z.string().check(z.regex(/^[A-Za-z0-9_-]{1,32}$/)),
  /** Where the picture comes from: see `sources`. */
  source: z.string().check(z.minLength(1), z.maxLength(4_096)),
  /** Default: h264. */
  codec: z.optional(z.enum(codecs)),
  /** The most it is sent with, in kbit/s. Default: 2,500. */
  kbits: z.optional(z.int().check(z.gte(150), z.lte(50_000))),
  /** Pixels and frames a second that a device or the test picture is asked for. Default: 1280 × 720 at 30. */
  width: z.optional(z.int().check(z.gte(16), z.lte(4_096))),
  height: z.optional(z.int().check(z.gte(16), z.lte(4_096))),
  fps: z.optional(z.int().check(z.gte(1), z.lte(120))),
});
export type CameraSettings = z.infer<typeof CameraSettings>;

/** The most that a camera is sent with, in bits per second. */
export const mostOf = ({ kbits }: Pick<CameraSettings, "kbits">): number => (kbits === undefined ? bounds.most : kbits * 1_000);

/** How a source is written, and what it is. */
export const sources = {
  test: "a moving test picture",
  "v4l2:DEVICE": "a device of Video4Linux, e.g. v4l2:/dev/video0",
  "v4l2h264:DEVICE": "a device of Video4Linux that encodes H.264 itself; passed on as it is",
  "libcamera[:NAME]": "a camera of libcamera, as on a Raspberry Pi",
  "rtsp://…": "a network camera; its H.264 is passed on as it is",
  "gst:PIPELINE": "the part of a GStreamer pipeline that ends in raw video",
  "y4m:COMMAND": "a program that writes raw frames as Y4M to its standard output",
  "jpeg:COMMAND": "a program that writes JPEG images to its standard output",
  "h264:COMMAND": "a program that writes H.264 (Annex B) to its standard output; passed on as it is",
  "rtp:COMMAND": "a program that sends RTP to 127.0.0.1:$TETHER_RTP_PORT; passed on as it is",
} as const;

/** How a camera's picture is had: by a pipeline that is made here, fed by a program or not, or by a program that sends RTP itself. */
export type Source =
  | { readonly kind: "pipeline"; readonly pipeline: string; readonly isEncoded: boolean; readonly command?: string }
  | { readonly kind: "program"; readonly command: string };

/** Reads a source. Undefined: it is none of `sources`. */
export function readSource({ source, width = 1_280, height = 720, fps = 30 }: CameraSettings): Source | undefined {
  const size = `video/x-raw,width=${width},height=${height},framerate=${fps}/1`;
  const made = (pipeline: string, rest: { readonly isEncoded?: boolean; readonly command?: string } = {}): Source => ({
    kind: "pipeline",
    pipeline,
    isEncoded: false,
    ...rest,
  });
  const exactly = (formats: readonly string[]) => formats.map((format) => size.replace("video/x-raw", format)).join(";");
  /** Lets a device that lacks this size and rate give the nearest that it has. */
  const nearest = (formats: readonly string[]) => [exactly(formats), ...formats].join(";");
  /** Many cameras have full speed in JPEG alone. */
  const pictures = ["image/jpeg", "video/x-raw"];
  /** libcamera gives its largest size wherever others are allowed. */
  const libcamera = (name = "") => made(`libcamerasrc${name} ! ${exactly(pictures)} ! decodebin`);
  if (source === "test") return made(`videotestsrc is-live=true pattern=ball ! ${size}`);
  if (source === "libcamera") return libcamera();
  if (/^rtsps?:\/\/\S+$/.test(source))
    return made(`rtspsrc location=${quote(source)} latency=0 protocols=tcp ! rtph264depay`, { isEncoded: true });
  const [, kind, rest = ""] = /^([a-z0-9]+):(.+)$/s.exec(source) ?? [];
  if (kind === "v4l2") return made(`v4l2src device=${quote(rest)} ! ${nearest(pictures)} ! decodebin`);
  if (kind === "v4l2h264") return made(`v4l2src name=device device=${quote(rest)} ! ${nearest(["video/x-h264"])}`, { isEncoded: true });
  if (kind === "libcamera") return libcamera(` camera-name=${quote(rest)}`);
  if (kind === "gst") return made(rest);
  if (kind === "y4m") return made("fdsrc fd=3 blocksize=65536 ! y4mdec", { command: rest });
  if (kind === "jpeg") return made("fdsrc fd=3 do-timestamp=true ! jpegparse ! jpegdec", { command: rest });
  if (kind === "h264") return made("fdsrc fd=3 do-timestamp=true", { isEncoded: true, command: rest });
  return kind === "rtp" ? { kind: "program", command: rest } : undefined;
}
