import type { Clock } from "@tether/sdk/clock";
import { bounds, divide, nextAllowance, stepMs } from "./allowance.ts";
import type { Camera } from "./camera/camera.ts";
import { mostOf } from "./camera/source.ts";
import { createResend } from "./resend.ts";
import type { Feedback } from "./rtcp.ts";
import { type Rewrite, type RtpHeader, rewriteRtp } from "./rtp.ts";

/** A track of a native peer connection. */
export type MediaTrack = { readonly isOpen: () => boolean; readonly send: (packet: Buffer) => void };

/** The way one camera takes to one viewer. */
type Lane = {
  readonly camera: Camera;
  readonly resend: ReturnType<typeof createResend>;
  readonly track: MediaTrack;
  /** Begins to send; what it returns ends it. */
  readonly begin: () => () => void;
  given: number;
  stop: (() => void) | undefined;
};

/** The cameras that one viewer watches, over one peer connection whose path bears only so much. */
export interface Watching {
  /** A track was offered for a camera. */
  add(camera: Camera, track: MediaTrack, as: Pick<Rewrite, "payloadType" | "ssrc" | "ids">): void;
  /** The names of the cameras that are watched, the most important first. Default: all. */
  choose(names: readonly string[]): void;
  feedback(name: string, feedback: Feedback): void;
  /** The bits per second that each camera may have on this path; 0 for one that is paused. */
  readonly allowances: ReadonlyMap<string, number>;
  close(): void;
}

export function createWatching(clock: Clock): Watching {
  const lanes = new Map<string, Lane>();
  let chosen: readonly string[] | undefined;
  let allowance: number = bounds.most;
  let estimate: number | undefined;
  let lost = 0;
  let sentBytes = 0;
  let sent = 0;
  let cancel = () => {};

  const watched = () => (chosen ?? [...lanes.keys()]).flatMap((name) => lanes.get(name) ?? []);

  function settle(): void {
    const all = watched();
    const shares = divide(
      allowance,
      all.map((lane) => ({ most: mostOf(lane.camera.settings) })),
    );
    for (const lane of lanes.values()) lane.given = shares[all.indexOf(lane)] ?? 0;
    for (const lane of lanes.values()) {
      if (lane.given === 0) pause(lane);
      else if (!lane.stop) {
        lane.stop = lane.begin();
        lane.camera.requestKeyframe();
      }
    }
  }

  const wanted = () => watched().reduce((sum, lane) => sum + mostOf(lane.camera.settings), 0);

  /** Other cameras are watched: the path is taken to bear them until it shows that it does not. */
  function expect(): void {
    allowance = Math.max(allowance, wanted());
    settle();
  }

  function pause(lane: Lane): void {
    lane.stop?.();
    lane.stop = undefined;
  }

  function step(): void {
    cancel = clock.after(stepMs, step);
    sent = sent * 0.6 + ((sentBytes * 8_000) / stepMs) * 0.4;
    sentBytes = 0;
    allowance = nextAllowance(allowance, Math.max(bounds.least, wanted()), { estimate, lost, sent });
    lost = 0;
    settle();
  }
  cancel = clock.after(stepMs, step);

  return {
    add(camera, track, as) {
      const resend = createResend(clock, () => allowance);
      let last = 0;
      /** The packets of a pause leave no gap in the numbers: the receiver would ask for all of them. */
      let skipped: number | undefined;
      const send = (packet: Buffer, header: RtpHeader) => {
        if (!track.isOpen()) return;
        const { timestamp } = header;
        skipped ??= header.sequence - last - 1;
        const sequence = (header.sequence - skipped) & 0xffff;
        last = sequence;
        const out = rewriteRtp(packet, { ...as, sequence, timestamp, sentAt: clock.now() });
        resend.keep(sequence, out);
        sentBytes += out.length;
        track.send(out);
      };
      const begin = () => {
        skipped = undefined;
        return camera.watch(send);
      };
      const lane: Lane = { camera, track, resend, begin, given: 0, stop: undefined };
      lanes.set(camera.settings.name, lane);
      expect();
    },
    choose(names) {
      chosen = names;
      expect();
    },
    feedback(name, told) {
      const lane = lanes.get(name);
      if (told.estimate !== undefined) estimate = told.estimate;
      if (told.lost !== undefined) lost = Math.max(lost, told.lost);
      if (!lane) return;
      let isRefused = told.needsKeyframe;
      for (const sequence of told.missing) {
        const packet = lane.resend.take(sequence);
        if (packet === "refused") isRefused = true;
        else {
          sentBytes += packet.length;
          lane.track.send(packet);
        }
      }
      if (isRefused) lane.camera.requestKeyframe();
    },
    get allowances() {
      return new Map([...lanes].map(([name, { given }]) => [name, given]));
    },
    close() {
      cancel();
      for (const lane of lanes.values()) pause(lane);
      lanes.clear();
    },
  };
}
