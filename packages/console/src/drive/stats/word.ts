import type { Path } from "./report.ts";

/** Stands for an unknown value. */
export const unknown = "–";

export function milliseconds(ms: number): string {
  return `${Math.round(ms)} ms`;
}

export function frames(perSecond: number): string {
  return `${Math.round(perSecond)} fps`;
}

export function bitrate(bits: number): string {
  const kilobits = Math.round(bits / 1_000);
  return kilobits < 1_000 ? `${kilobits} kbit/s` : `${(kilobits / 1_000).toFixed(1)} Mbit/s`;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

export function path({ isRelayed, protocol }: Path): string {
  return `${isRelayed ? "Relayed" : "Direct"}${protocol === undefined ? "" : `, ${protocol}`}`;
}
