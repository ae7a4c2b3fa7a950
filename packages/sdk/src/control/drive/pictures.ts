import type { ToOperator } from "@tether/protocol/control";

type PictureReport = Omit<Extract<ToOperator, { type: "picture" }>, "type">;

/** Identifies a picture: of a stream, by its RTP timestamp or by the mark that is drawn in it. */
export type Seen = { readonly stream: string; readonly rtp?: number | undefined; readonly mark?: number | undefined };

/**
 * The picture that an operator looks at while it commands: `pictureAt` is when it was taken, by the robot's clock. A robot that tells when its
 * pictures were taken obeys no command without it, and goes slower the older it is.
 */
export type Looking = { readonly pictureAt?: number | undefined };

/** The number of pictures of a stream that are remembered: pictures may be seconds late. */
const kept = 256;
/** RTP's clock for video, in ticks a ms (RFC 3551 §4.5). */
const ticks = 90;
/** Clocks drift: from further away than this, in ms, nothing is reckoned. */
const apartMs = 60_000;

/** The times at which pictures were taken, as the robot told them by its clock. */
export function createPictures(): { hear(report: PictureReport): void; takenAt(seen: Seen): number | undefined; clear(): void } {
  const streams = new Map<string, PictureReport[]>();

  function byTimestamp(all: readonly PictureReport[], rtp: number): number | undefined {
    const reckoned = all.flatMap((report) => {
      if (report.rtp === undefined) return [];
      // Timestamps go round at 2^32 (RFC 3550 §5.1).
      const afterMs = ((rtp - report.rtp) | 0) / ticks;
      return Math.abs(afterMs) <= apartMs ? [{ afterMs, takenAt: report.takenAt + afterMs }] : [];
    });
    return reckoned.toSorted((a, b) => Math.abs(a.afterMs) - Math.abs(b.afterMs))[0]?.takenAt;
  }

  return {
    hear(report) {
      streams.set(report.stream, [...(streams.get(report.stream) ?? []), report].slice(-kept));
    },
    takenAt({ stream, rtp, mark }) {
      const all = streams.get(stream) ?? [];
      if (mark !== undefined) return all.findLast((report) => report.mark === mark)?.takenAt;
      return rtp === undefined ? undefined : byTimestamp(all, rtp);
    },
    clear: () => streams.clear(),
  };
}
