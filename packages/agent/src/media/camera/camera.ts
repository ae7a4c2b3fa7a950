import type { Clock } from "@tether/sdk/clock";
import { type RtpHeader, readRtp } from "../rtp.ts";
import { createContinuity, ticksPerMs } from "./continuity.ts";
import type { Microphone } from "./microphone.ts";
import type { CameraProcess, LaunchCamera } from "./process.ts";
import { type CameraSettings, mostOf } from "./source.ts";

/** `off`: nobody watches it. `failed`: its program ended or sends nothing; it is started again. */
export type CameraState = { readonly state: "off" | "starting" | "live" } | { readonly state: "failed"; readonly says: string };

/** A packet that is ready to be sent on but for what each track writes into it. */
export type Sink = (packet: Buffer, header: RtpHeader, isFirstOfFrame: boolean) => void;

/** A camera or a microphone, whose program runs while somebody watches or listens, and is started again when it ends. */
export interface Camera<Settings extends CameraSettings | Microphone = CameraSettings> {
  readonly settings: Settings;
  readonly state: CameraState;
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
/** A camera that nobody watches is kept running for this time, in ms: whoever comes back sees it at once. */
const lingerMs = 30_000;
/** A program that sent nothing for this time, in ms, is ended and started again; at its start it has longer. */
const silentMs = { first: 15_000, later: 3_000 } as const;
/** Waits before a start after a failure, in ms: doubled with each that failed before it lived for `longest`. */
const restartMs = { first: 250, longest: 10_000 } as const;

type Env<Settings> = {
  readonly settings: Settings;
  /** A monotonic clock that all processes of the machine share. */
  readonly clock: Clock;
  readonly launch: LaunchCamera;
  readonly onState: (state: CameraState) => void;
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
  let state: CameraState = { state: "off" };
  let bitrate = mostOf(settings);
  let program: CameraProcess | undefined;
  let startedAt = 0;
  let failures = 0;
  let keyframeAt = Number.NEGATIVE_INFINITY;
  let shownTimestamp: number | undefined;
  let frameAt = 0;
  let told: { readonly rtp: number; readonly at: number } | undefined;
  let cancelStart = () => {};
  let cancelLinger = () => {};
  let cancelWatch = () => {};

  function become(next: CameraState): void {
    if (next.state === state.state && !("says" in next)) return;
    state = next;
    onState(next);
  }

  function start(): void {
    if (program) return;
    cancelStart();
    continuity.restart();
    told = undefined;
    startedAt = clock.now();
    if (state.state !== "failed") become({ state: "starting" });
    const run = launch(settings, bitrate, {
      packet: (packet) => run === program && onPacket(packet),
      frame: (frame) => {
        told = frame;
      },
      ended: (says) => run === program && fail(says),
    });
    program = run;
    expectPacket(silentMs.first);
  }

  function expectPacket(ms: number): void {
    cancelWatch();
    cancelWatch = clock.after(ms, () => fail(`It sent nothing for ${ms / 1_000} s.`));
  }

  async function end(): Promise<void> {
    cancelWatch();
    cancelStart();
    const run = program;
    program = undefined;
    await run?.end();
  }

  function fail(says: string): void {
    const lived = clock.now() - startedAt;
    failures = lived >= restartMs.longest ? 0 : failures + 1;
    void end();
    become({ state: "failed", says });
    cancelStart = clock.after(Math.min(restartMs.longest, restartMs.first * 2 ** Math.max(0, failures - 1)), start);
  }

  function onPacket(packet: Buffer): void {
    const read = readRtp(packet);
    if (!read) return;
    const now = clock.now();
    const header = continuity.next(read, now);
    const isFirst = header.timestamp !== shownTimestamp;
    shownTimestamp = header.timestamp;
    if (isFirst) {
      expectPacket(silentMs.later);
      become({ state: "live" });
      frameAt = takenAt(read.timestamp, now);
      onFrame({ rtp: header.timestamp, at: frameAt });
    }
    tap?.(packet, header, frameAt);
    for (const sink of sinks) sink(packet, header, isFirst);
  }

  /** Where the program does not tell, a frame counts as taken when it came. */
  function takenAt(timestamp: number, now: number): number {
    if (!told) return now;
    const at = told.at + ((timestamp - told.rtp) | 0) / ticks;
    return at > now || at < now - 2_000 ? now : at;
  }

  return {
    settings,
    get state() {
      return state;
    },
    watch(sink) {
      sinks.add(sink);
      cancelLinger();
      start();
      return () => {
        sinks.delete(sink);
        if (sinks.size > 0) return;
        cancelLinger();
        cancelLinger = clock.after(lingerMs, () => {
          void end();
          become({ state: "off" });
        });
      };
    },
    requestKeyframe() {
      const now = clock.now();
      if (now - keyframeAt < keyframeMs) return;
      keyframeAt = now;
      program?.requestKeyframe();
    },
    setBitrate(next) {
      if (Math.abs(next - bitrate) < bitrate * 0.02) return;
      bitrate = next;
      program?.setBitrate(next);
    },
    async close() {
      sinks.clear();
      cancelLinger();
      const ended = end();
      become({ state: "off" });
      await ended;
    },
  };
}
