import type { Camera, Sink } from "../../../src/media/camera/camera.ts";
import { type Microphone, microphoneOf } from "../../../src/media/camera/microphone.ts";

/** A microphone whose packets are the test's: `send` gives one to whoever hears it. */
export function fakeMicrophone() {
  const sinks = new Set<Sink>();
  const made: Camera<Microphone> = {
    settings: microphoneOf({ source: "test" }),
    state: { state: "live" },
    watch(sink) {
      sinks.add(sink);
      return () => void sinks.delete(sink);
    },
    requestKeyframe() {},
    setBitrate() {},
    close: async () => {},
  };
  const send: Sink = (...packet) => {
    for (const sink of [...sinks]) sink(...packet);
  };
  return { made, send };
}
