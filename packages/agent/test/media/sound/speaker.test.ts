import { expect, test } from "vitest";
import { readSpeaker, speakers } from "../../../src/media/sound/speaker.ts";

const pipeline = (text: string) => ({ kind: "pipeline", pipeline: text, isEncoded: false });

test.each([
  ["alsa:plughw:1,0", pipeline('alsasink device="plughw:1,0"')],
  ["pulse", pipeline("pulsesink")],
  ["pulse:bell", pipeline('pulsesink device="bell"')],
  ["gst:autoaudiosink", pipeline("autoaudiosink")],
  ["rtp:aplay -", { kind: "program", command: "aplay -" }],
  ["test", undefined],
])("the sink %s of a speaker is read", (sink, read) => {
  expect(readSpeaker(sink)).toEqual(read);
});

test("every form that is told of is one that is read", () => {
  for (const form of Object.keys(speakers)) expect(readSpeaker(form.replace(/\[:[A-Z]+\]$/, ":x")), form).toBeDefined();
});
