import type { Clock } from "@tether/sdk/clock";
import { type RtpHeader, readRtp } from "../rtp.ts";
import { createContinuity, ticksPerMs } from "./continuity.ts";
import type { Microphone } from "./microphone.ts";
import type { CameraProcess, LaunchCamera } from "./process.ts";
import { type CameraSettings, mostOf } from "./source.ts";
import { createUpkeep, type SourceState } from "./upkeep.ts";

/** A packet that is ready to be sent on but for what each track writes into it. */
export type Sink = (packet: Buffer, header: RtpHeader, isFirstOfFrame: boolean) => void;

/** A camera or a microphone, whose program runs while somebody watches or listens, and is started again when it ends. */
export interface Camera<Settings extends CameraSettings | Microphone = CameraSettings> {
  readonly settings: Settings;
  readonly state: SourceState;
  /** Sends its packets to the sink until the returned function is called. */
  watch(sink: Sink): () => void;
  /** Asks for a keyframe, at most one in `keyframeMs`. */
  requestKeyframe(): void;
  /** In bits per second. */
  setBitrate(bitrate: number): void;
  /** Resolves when its program is gone. */
  close(): Promise<void>;
}

/** The least time between two keyframes that are asked for, in ms: each is many times as large as other frames. */
const keyframeMs = 500;

type Env<Settings> = {
  readonly settings: Settings;
  /** A monotonic clock that all processes of the machine share. */
  readonly clock: Clock;
  readonly launch: LaunchCamera;
  readonly onState: (state: SourceState) => void;
  /** A frame is on its way to the viewers: its RTP timestamp, and when it was taken. */
  readonly onFrame: (frame: { readonly rtp: number; readonly at: number }) => void;
  /** Every packet, and when the frame that it is a part of was taken. It starts no program. */
  readonly onPacket?: (packet: Buffer, header: RtpHeader, takenAt: number) => void;
};

export function createCamera<Settings extends CameraSettings | Microphone>({
  settings,
  clock,
  launch,
  onState,
  onFrame,
  onPacket: tap,
}: Env<Settings>): Camera<Settings> {
  const sinks = new Set<Sink>();
  const ticks = settings.codec === "opus" ? ticksPerMs.opus : ticksPerMs.video;
  const continuity = createContinuity(ticks);
  let bitrate = mostOf(settings);
  let keyframeAt = Number.NEGATIVE_INFINITY;
  let shownTimestamp: number | undefined;
  let frameAt = 0;
  let stamped: { readonly rtp: number; readonly at: number } | undefined;
  const upkeep = createUpkeep<CameraProcess>({
    clock,
    onState,
    launch(ended) {
      continuity.restart();
      stamped = undefined;
      const run: CameraProcess = launch(settings, bitrate, {
        packet: (packet) => run === upkeep.run && onPacket(packet),
        frame: (frame) => {
          stamped = frame;
        },
        ended,
      });
      return run;
    },
  });

  function onPacket(packet: Buffer): void {
    const read = readRtp(packet);
    if (!read) return;
    const now = clock.now();
    const header = continuity.next(read, now);
    const isFirst = header.timestamp !== shownTimestamp;
    shownTimestamp = header.timestamp;
    if (isFirst) {
      upkeep.lives();
      frameAt = takenAt(read.timestamp, now);
      onFrame({ rtp: header.timestamp, at: frameAt });
    }
    tap?.(packet, header, frameAt);
    for (const sink of sinks) sink(packet, header, isFirst);
  }

  /** Where the program does not tell, a frame counts as taken when it came. */
  function takenAt(timestamp: number, now: number): number {
    if (!stamped) return now;
    const at = stamped.at + ((timestamp - stamped.rtp) | 0) / ticks;
    return at > now || at < now - 2_000 ? now : at;
  }

  return {
    settings,
    get state() {
      return upkeep.state;
    },
    watch(sink) {
      sinks.add(sink);
      const leave = upkeep.want();
      return () => {
        sinks.delete(sink);
        leave();
      };
    },
    requestKeyframe() {
      const now = clock.now();
      if (now - keyframeAt < keyframeMs) return;
      keyframeAt = now;
      upkeep.run?.requestKeyframe();
    },
    setBitrate(next) {
      if (Math.abs(next - bitrate) < bitrate * 0.02) return;
      bitrate = next;
      upkeep.run?.setBitrate(next);
    },
    close() {
      sinks.clear();
      return upkeep.close();
    },
  };
}
