import { expect, test } from "vitest";
import { microphoneOf, microphones, readMicrophone } from "../../../src/media/camera/microphone.ts";

const pipeline = (text: string) => ({ kind: "pipeline", pipeline: text, isEncoded: false });

test.each([
  ["test", pipeline("audiotestsrc is-live=true freq=440 volume=0.3")],
  ["alsa:plughw:1,0", pipeline('alsasrc device="plughw:1,0"')],
  ["pulse", pipeline("pulsesrc")],
  ['pulse:a "b"', pipeline('pulsesrc device="a \\"b\\""')],
  ["gst:jackaudiosrc ! queue", pipeline("jackaudiosrc ! queue")],
  ["rtp:ffmpeg -i x", { kind: "program", command: "ffmpeg -i x" }],
  ["alsa:", undefined],
  ["v4l2:/dev/video0", undefined],
])("the source %s of a microphone is read", (source, read) => {
  expect(readMicrophone(source)).toEqual(read);
});

test("every form that is told of is one that is read", () => {
  for (const form of Object.keys(microphones)) expect(readMicrophone(form.replace(/\[:[A-Z]+\]$/, ":x")), form).toBeDefined();
});

test("a microphone has 32 kbit/s unless it is told", () => {
  expect([microphoneOf({ source: "test" }).kbits, microphoneOf({ source: "test", kbits: 24 }).kbits]).toEqual([32, 24]);
});
