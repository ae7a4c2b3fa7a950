import type { MonitorEvents } from "@tether/sdk/client";

export type Seen = MonitorEvents["seen"];
export type End = Seen["from"];

/** A frame that was seen, or a time in which none could be. `n` tells lines apart. */
export type FrameLine = Seen & { readonly n: number };
export type GapLine = { readonly n: number; readonly gap: { readonly from: number; readonly to: number } };
export type Line = FrameLine | GapLine;

export function isGap(line: Line): line is GapLine {
  return "gap" in line;
}
