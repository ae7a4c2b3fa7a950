import type { Clock } from "@tether/sdk/clock";
import { createContinuity, ticksPerMs } from "../camera/continuity.ts";
import { payloadTypes } from "../camera/source.ts";
import { createUpkeep, type SourceState } from "../camera/upkeep.ts";
import { readRtp, rewriteRtp } from "../rtp.ts";
import type { LaunchSpeaker, SpeakerProcess } from "./play.ts";
import type { SpeakerSettings } from "./speaker.ts";

/** A client whose sound comes. */
export type Voice = { hear(packet: Buffer): void; end(): void };

/** Plays what whoever holds control says; what comes of anybody else is heard by nobody. V9 */
export interface Speaker {
  readonly state: SourceState;
  /** A client may talk now: the program is started, so that its first word is not lost. `peer` numbers its peer connection. */
  open(peer: number): Voice;
  setHolder(peer: number | undefined): void;
  close(): Promise<void>;
}

/** After a pause of this time, in ms, a voice goes on by the clock: it sent nothing meanwhile. */
const pauseMs = 200;

type Env = {
  readonly settings: SpeakerSettings;
  readonly clock: Clock;
  readonly launch: LaunchSpeaker;
  readonly onState: (state: SourceState) => void;
};

export function createSpeaker({ settings, clock, launch, onState }: Env): Speaker {
  const continuity = createContinuity(ticksPerMs.opus);
  let holder: number | undefined;
  let last = { peer: 0, at: Number.NEGATIVE_INFINITY };
  const upkeep = createUpkeep<SpeakerProcess>({
    clock,
    onState,
    mayBeSilent: true,
    launch: (ended) => launch(settings, { playing: () => upkeep.lives(), ended }),
  });

  function hear(peer: number, packet: Buffer): void {
    const read = peer === holder ? readRtp(packet) : undefined;
    if (!read) return;
    const now = clock.now();
    if (peer !== last.peer || now - last.at > pauseMs) continuity.restart();
    last = { peer, at: now };
    const { sequence, timestamp } = continuity.next(read, now);
    const as = { payloadType: payloadTypes.opus, ssrc: 1, transportSequence: 0, sentAt: now, ids: {} };
    upkeep.run?.play(rewriteRtp(packet, { ...as, sequence, timestamp }));
  }

  return {
    get state() {
      return upkeep.state;
    },
    open: (peer) => ({ hear: (packet) => hear(peer, packet), end: upkeep.want() }),
    setHolder(peer) {
      holder = peer;
    },
    close: upkeep.close,
  };
}
