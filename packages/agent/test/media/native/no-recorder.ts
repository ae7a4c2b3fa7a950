import type { Recorder } from "../../../src/media/record/recorder.ts";

/** Keeps and lists nothing. */
export const recorder: Recorder = {
  put() {},
  keep() {},
  flushed: async () => {},
  list: async () => [],
  pathOf: () => undefined,
  close: async () => {},
};
