import type { Path, Reading, Stream } from "./report.ts";

/** How the connection does, at one moment. Undefined is not known. */
export type Sample = {
  readonly roundTripMs: number | undefined;
  /** How old a command is when the robot has it, as the robot measures it. */
  readonly commandAgeMs: number | undefined;
  readonly fps: number | undefined;
  /** Of the video, in bits per second. */
  readonly bitrate: number | undefined;
  /** Packets that did not come, as a share of those that were due. */
  readonly loss: number | undefined;
  readonly jitterMs: number | undefined;
  /** How long a picture that came waits to be shown, on average. */
  readonly bufferMs: number | undefined;
  readonly codec: string | undefined;
  readonly size: { readonly width: number; readonly height: number } | undefined;
  readonly path: Path | undefined;
};

/** The robot's last report on the commands and the channel. */
export type RobotReport = { readonly commandAgeMs?: number | undefined; readonly roundTripMs?: number | undefined };

/**
 * The figures between two readings of a connection. Of several streams the one that brought most counts. Where a stream is new, or its
 * counts began again, what is a difference is not known.
 */
export function between(before: Reading | undefined, now: Reading | undefined, reported: RobotReport | undefined): Sample {
  const gains = (now?.streams ?? []).map((stream) =>
    gainOf(
      before?.streams.find(({ id }) => id === stream.id),
      stream,
    ),
  );
  const most = gains.reduce<Gain | undefined>((best, one) => (best && (best.bytes ?? 0) >= (one.bytes ?? 0) ? best : one), undefined);
  const { width, height, codec, jitterMs } = most?.stream ?? {};
  const { bytes, frames, packets, lost, seconds, waitedMs, emitted } = most ?? {};
  return {
    roundTripMs: now?.roundTripMs ?? reported?.roundTripMs,
    commandAgeMs: reported?.commandAgeMs,
    fps: rate(frames, seconds),
    bitrate: rate(bytes === undefined ? undefined : bytes * 8, seconds),
    loss: lossOf(packets, lost),
    jitterMs,
    bufferMs: waitedMs === undefined || !emitted ? undefined : waitedMs / emitted,
    codec,
    size: width && height ? { width, height } : undefined,
    path: now?.path,
  };
}

type Gain = {
  readonly stream: Stream;
  readonly seconds: number | undefined;
  readonly bytes: number | undefined;
  readonly packets: number | undefined;
  readonly frames: number | undefined;
  readonly lost: number | undefined;
  readonly waitedMs: number | undefined;
  readonly emitted: number | undefined;
};

function gainOf(before: Stream | undefined, stream: Stream): Gain {
  const [seconds, bytes, packets, frames, waitedMs, emitted] = [
    before && (stream.at - before.at) / 1_000,
    grown(before?.bytes, stream.bytes),
    grown(before?.packets, stream.packets),
    grown(before?.frames, stream.frames),
    grown(before?.waitedMs, stream.waitedMs),
    grown(before?.emitted, stream.emitted),
  ];
  const lost = before?.lost === undefined || stream.lost === undefined ? undefined : stream.lost - before.lost;
  return { stream, seconds: seconds !== undefined && seconds > 0 ? seconds : undefined, bytes, packets, frames, lost, waitedMs, emitted };
}

/** A count that fell began again. */
function grown(before: number | undefined, now: number | undefined): number | undefined {
  return before === undefined || now === undefined || now < before ? undefined : now - before;
}

function rate(gained: number | undefined, seconds: number | undefined): number | undefined {
  return gained === undefined || seconds === undefined ? undefined : gained / seconds;
}

function lossOf(packets: number | undefined, lost: number | undefined): number | undefined {
  if (packets === undefined || lost === undefined) return undefined;
  const missing = Math.max(0, lost);
  return packets + missing === 0 ? undefined : missing / (packets + missing);
}
