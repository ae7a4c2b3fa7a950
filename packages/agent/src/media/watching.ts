import type { Clock } from "@tether/sdk/clock";
import { bounds, divide, nextAllowance, type PathMemory, stepMs } from "./allowance.ts";
import type { Camera } from "./camera/camera.ts";
import type { Microphone } from "./camera/microphone.ts";
import { mostOf } from "./camera/source.ts";
import { createDelivery } from "./delivery.ts";
import { beginsKeyframe } from "./keyframe.ts";
import { createResend } from "./resend.ts";
import type { Feedback } from "./rtcp.ts";
import { numberAgain, payloadOf, type Rewrite, type RtpHeader, rewriteRtp } from "./rtp.ts";
import { nextBackoff, noBackoff } from "./sound/backoff.ts";
import { createSoundLane, type SoundLane } from "./sound/sound-lane.ts";
import type { MediaTrack } from "./track.ts";

/** The way one camera takes to one viewer. */
type Lane = {
  readonly camera: Camera;
  readonly resend: ReturnType<typeof createResend>;
  readonly track: MediaTrack;
  /** Begins to send; what it returns ends it. */
  readonly begin: () => () => void;
  given: number;
  stop: (() => void) | undefined;
  /** A packet is lost for good: nothing before the next keyframe can be shown, and none of it is sent, so that the path drains. */
  isBroken: boolean;
  needsKeyframe: boolean;
  /** The number of the first packet of the last keyframe; a packet before it is missed by nobody. */
  keyframeFrom: number;
};

/** A keyframe is asked for once packets wait for less than this, in ms: on a full path it would be lost as well. */
const drainedMs = 60;

/** Sound that was paused comes back where the path bears so many times what it needs: it must not come and go. */
const soundReturns = 1.2;

/** Whether one number comes before another, round a circle of 65,536 (RFC 1982). */
const isBefore = (one: number, other: number) => ((other - one) & 0xffff) < 0x8000 && one !== other;

/** The cameras that one viewer watches, and the sound that they hear, over one peer connection whose path bears only so much. */
export interface Watching {
  /** A track was offered for a camera. */
  add(camera: Camera, track: MediaTrack, as: Pick<Rewrite, "payloadType" | "ssrc" | "ids">): void;
  /** A track was offered for the robot's sound, which is sent while it is heard. */
  addSound(microphone: Camera<Microphone>, track: MediaTrack, as: Pick<Rewrite, "payloadType" | "ssrc" | "ids">): void;
  hear(isHeard: boolean): void;
  /** Whether the path does not bear the sound that is to be heard. V7 */
  readonly isSoundPaused: boolean;
  /** The names of the cameras that are watched, the most important first. Default: all. */
  choose(names: readonly string[]): void;
  feedback(name: string, feedback: Feedback): void;
  /** The bits per second that each camera may have on this path; 0 for one that is paused. */
  readonly allowances: ReadonlyMap<string, number>;
  close(): void;
}

/** `changed`: the path bears a camera or the sound no longer, or again. */
export function createWatching(clock: Clock, changed: () => void = () => {}): Watching {
  const lanes = new Map<string, Lane>();
  let sound: SoundLane | undefined;
  let isHeard = false;
  let backoff = noBackoff;
  let chosen: readonly string[] | undefined;
  const delivery = createDelivery(clock);
  let memory: PathMemory = { allowance: bounds.most };
  let estimate: number | undefined;
  let lost = 0;
  let sentBytes = 0;
  let sent = 0;
  let cancel = () => {};

  const watched = () => (chosen ?? [...lanes.keys()]).flatMap((name) => lanes.get(name) ?? []);

  /** The camera that one drives by; undefined where no picture comes. */
  const leading = () => watched().find(({ camera }) => camera.state.state === "live");

  /** A picture that one drives by has its least before anything is heard. V7 */
  function turnSound(): void {
    const first = leading();
    // The allowance never goes below what a camera needs at least, which is more than sound takes.
    if (!first) sound?.turn(isHeard && backoff.until === undefined);
    else {
      const needed = soundBits() + Math.min(2 * bounds.least, mostOf(first.camera.settings));
      sound?.turn(isHeard && memory.allowance >= (sound.isOn ? needed : Math.min(most(), needed * soundReturns)));
    }
  }

  const sending = () => [...[...lanes.values()].map(({ stop }) => stop !== undefined), sound?.isOn].join();

  function settle(): void {
    const before = sending();
    turnSound();
    const all = watched();
    const shares = divide(
      memory.allowance - (sound?.isOn ? sound.bits : 0),
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
    if (sending() !== before) changed();
  }

  const soundBits = () => (isHeard ? (sound?.bits ?? 0) : 0);
  const wanted = () => watched().reduce((sum, lane) => sum + mostOf(lane.camera.settings), soundBits());
  const most = () => Math.max(bounds.least, wanted());

  /** Other cameras are watched: the path is taken to bear them until it shows that it does not. */
  function expect(): void {
    memory = { allowance: Math.max(memory.allowance, wanted()) };
    settle();
  }

  /** Asks for the keyframes that are needed where the path can take them. */
  function mend(): void {
    if (delivery.newestMs > drainedMs) return;
    for (const lane of lanes.values()) if (lane.needsKeyframe && lane.stop) lane.camera.requestKeyframe();
  }

  function pause(lane: Lane): void {
    lane.stop?.();
    lane.stop = undefined;
  }

  function step(): void {
    cancel = clock.after(stepMs, step);
    sent = sent * 0.6 + ((sentBytes * 8_000) / stepMs) * 0.4;
    sentBytes = 0;
    const delivered = delivery.take();
    memory = nextAllowance(memory, most(), { estimate, lost, sent, delivered });
    backoff = leading() ? noBackoff : nextBackoff(backoff, clock.now(), { lost, delivered });
    lost = 0;
    settle();
    mend();
  }
  cancel = clock.after(stepMs, step);

  return {
    add(camera, track, as) {
      const resend = createResend(clock, () => memory.allowance);
      let last = 0;
      /** The packets of a pause leave no gap in the numbers: the receiver would ask for all of them. */
      let skipped: number | undefined;
      /** The timestamps of the newest frame that was seen from its first packet on, and of the newest keyframe. */
      let frameAt: number | undefined;
      let keyframeAt: number | undefined;
      const send = (packet: Buffer, header: RtpHeader, isFirstOfFrame: boolean) => {
        const { timestamp } = header;
        if (isFirstOfFrame) frameAt = timestamp;
        // A later slice begins no keyframe: without those before it a receiver would show a part of a picture.
        const isKeyframe = timestamp === frameAt && timestamp !== keyframeAt && beginsKeyframe(codec, payloadOf(packet));
        if (isKeyframe) keyframeAt = timestamp;
        if (!track.isOpen()) return;
        if (lane.isBroken && !isKeyframe) {
          skipped = undefined;
          return;
        }
        skipped ??= header.sequence - last - 1;
        const sequence = (header.sequence - skipped) & 0xffff;
        last = sequence;
        if (isKeyframe) {
          lane.isBroken = lane.needsKeyframe = false;
          lane.keyframeFrom = sequence;
        }
        const transportSequence = delivery.send(packet.length);
        const out = rewriteRtp(packet, { ...as, sequence, timestamp, transportSequence, sentAt: clock.now() });
        resend.keep(sequence, out);
        sentBytes += out.length;
        track.send(out);
      };
      const begin = () => {
        skipped = undefined;
        // Frames that need others, which this viewer did not get, would be shown as a part of a picture.
        lane.isBroken = lane.needsKeyframe = true;
        return camera.watch(send);
      };
      const { codec = "h264" } = camera.settings;
      const lane: Lane = {
        camera,
        track,
        resend,
        begin,
        given: 0,
        stop: undefined,
        isBroken: false,
        needsKeyframe: false,
        keyframeFrom: 0,
      };
      lanes.set(camera.settings.name, lane);
      expect();
    },
    addSound(microphone, track, as) {
      const add = (bytes: number) => {
        sentBytes += bytes;
      };
      sound = createSoundLane({ microphone, track, as, clock, delivery, sent: add });
      settle();
    },
    // Unlike another camera it is no reason to try how much the path bears.
    hear(next) {
      isHeard = next;
      settle();
    },
    get isSoundPaused() {
      return isHeard && sound?.isOn === false;
    },
    choose(names) {
      chosen = names;
      expect();
    },
    feedback(name, report) {
      const lane = lanes.get(name);
      if (report.estimate !== undefined) estimate = report.estimate;
      if (report.arrivals) delivery.arrived(report.arrivals);
      if (report.lost !== undefined) lost = Math.max(lost, report.lost);
      if (!lane) return;
      if (report.needsKeyframe) lane.needsKeyframe = true;
      for (const sequence of report.missing) {
        const packet = lane.resend.take(sequence);
        if (packet !== "refused") {
          sentBytes += packet.length;
          numberAgain(packet, delivery.send(packet.length));
          lane.track.send(packet);
        } else if (!isBefore(sequence, lane.keyframeFrom)) lane.isBroken = lane.needsKeyframe = true;
      }
      mend();
    },
    get allowances() {
      return new Map([...lanes].map(([name, { given }]) => [name, given]));
    },
    close() {
      cancel();
      for (const lane of lanes.values()) pause(lane);
      lanes.clear();
      sound?.turn(false);
      sound = undefined;
    },
  };
}
