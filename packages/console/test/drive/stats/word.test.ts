import { expect, test } from "vitest";
import { bitrate, frames, milliseconds, path, percent } from "../../../src/drive/stats/word.ts";

test.each([
  [milliseconds(41.6), "42 ms"],
  [frames(29.96), "30 fps"],
  [bitrate(999_499), "999 kbit/s"],
  [bitrate(999_500), "1.0 Mbit/s"],
  [bitrate(2_449_000), "2.4 Mbit/s"],
  [percent(0.0125), "1.3 %"],
  [path({ isRelayed: true, protocol: "TLS" }), "Relayed, TLS"],
  [path({ isRelayed: false, protocol: undefined }), "Direct"],
])("a figure is said as %s", (said, expected) => expect(said).toBe(expected));
