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
  /**
   * A client may talk from now on. The program is started once it holds control, before its first word, and runs until its peer connection
   * ends. `peer` numbers that.
   */
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
  /** The peer connections in which somebody may talk, each with what ends its need of the program; one that never held control has none. */
  const open = new Map<number, (() => void) | undefined>();
  let last = { peer: 0, at: Number.NEGATIVE_INFINITY };
  const upkeep = createUpkeep<SpeakerProcess>({
    clock,
    onState,
    mayBeSilent: true,
    launch: (ended) => launch(settings, { playing: () => upkeep.lives(), ended }),
  });

  function startForHolder(): void {
    if (holder !== undefined && open.has(holder)) open.set(holder, open.get(holder) ?? upkeep.want());
  }

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
    open(peer) {
      open.set(peer, undefined);
      startForHolder();
      return {
        hear: (packet) => hear(peer, packet),
        end() {
          open.get(peer)?.();
          open.delete(peer);
        },
      };
    },
    setHolder(peer) {
      holder = peer;
      startForHolder();
    },
    close: upkeep.close,
  };
}
