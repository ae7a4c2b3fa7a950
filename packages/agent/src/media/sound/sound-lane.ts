import type { Clock } from "@tether/sdk/clock";
import type { Camera } from "../camera/camera.ts";
import type { Microphone } from "../camera/microphone.ts";
import type { Delivery } from "../delivery.ts";
import { type Rewrite, rewriteRtp } from "../rtp.ts";
import type { MediaTrack } from "../track.ts";

/** The rest of a packet beside its Opus (IP, UDP, SRTP, and RTP with its extensions), 50 times a second, in bits per second. */
const headers = 32_000;

/** The way the robot's sound takes to one client. */
export type SoundLane = {
  /** The share of the path that sound takes, in bits per second. */
  readonly bits: number;
  readonly isOn: boolean;
  turn(isOn: boolean): void;
};

type Env = {
  readonly microphone: Camera<Microphone>;
  readonly track: MediaTrack;
  readonly as: Pick<Rewrite, "payloadType" | "ssrc" | "ids">;
  readonly clock: Pick<Clock, "now">;
  readonly delivery: Pick<Delivery, "send">;
  readonly sent: (bytes: number) => void;
};

export function createSoundLane({ microphone, track, as, clock, delivery, sent }: Env): SoundLane {
  let last = 0;
  let stop: (() => void) | undefined;

  function begin(): () => void {
    // A receiver would take the packets of a pause for lost.
    let skipped: number | undefined;
    return microphone.watch((packet, header) => {
      if (!track.isOpen()) return;
      skipped ??= header.sequence - last - 1;
      last = (header.sequence - skipped) & 0xffff;
      const transportSequence = delivery.send(packet.length);
      const out = rewriteRtp(packet, { ...as, sequence: last, timestamp: header.timestamp, transportSequence, sentAt: clock.now() });
      sent(out.length);
      track.send(out);
    });
  }

  return {
    bits: microphone.settings.kbits * 1_000 + headers,
    get isOn() {
      return stop !== undefined;
    },
    turn(isOn) {
      if (isOn) stop ??= begin();
      else {
        stop?.();
        stop = undefined;
      }
    },
  };
}
