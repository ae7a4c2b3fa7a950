import type { Clock } from "@tether/sdk/clock";

/**
 * `asking`: the browser asks the person for the microphone. `starting`: the robot has yet to agree to be talked to. `refused`: the person or
 * the browser does not allow it. `missing`: there is no microphone. `failed`: it cannot be used. `gone`: it ended while it was used.
 */
export type TalkState = "off" | "asking" | "starting" | "on" | "refused" | "missing" | "failed" | "gone";

/** The parts of a peer connection that talking needs. */
type Peer = Pick<RTCPeerConnection, "addTransceiver" | "addEventListener">;

type Env = {
  readonly clock: Pick<Clock, "after">;
  /** Asks for the person's microphone. */
  readonly askForMicrophone: () => Promise<MediaStreamTrack>;
  readonly onState: (state: TalkState) => void;
};

/** The most that a voice is sent with, in bits per second. */
const most = 32_000;
/** A microphone that is not used for this time, in ms, is closed. */
const unusedMs = 30_000;

const refusals: { readonly [name: string]: TalkState } = { NotAllowedError: "refused", NotFoundError: "missing" };

/** Sends what a person says to the robot while they want it to, and nothing at any other time. The microphone is asked for at the first word. V8 */
export function createTalking({ clock, askForMicrophone, onState }: Env) {
  let pc: Peer | undefined;
  let place: RTCRtpTransceiver | undefined;
  let track: MediaStreamTrack | undefined;
  let isAsking = false;
  let isWanted = false;
  /** The page is not looked at, or is left: a microphone that comes by now is closed. */
  let isHidden = false;
  let cancelUnused = () => {};

  function apply(): void {
    cancelUnused();
    const isOn = isWanted && track !== undefined;
    if (track) track.enabled = isOn;
    // The place for it is offered when it is needed first: nobody who never talks has one.
    if (isOn) place ??= pc?.addTransceiver("audio", { direction: "sendonly", sendEncodings: [{ maxBitrate: most }] });
    // Without a track nothing is sent at all. It is refused only by a peer connection that is closed.
    place?.sender.replaceTrack(isOn && track ? track : null).catch(() => {});
    if (track && !isOn) cancelUnused = clock.after(unusedMs, stop);
    tell();
  }

  function tell(): void {
    if (!isWanted || !track) onState("off");
    else onState(place?.currentDirection === "sendonly" ? "on" : "starting");
  }

  function stop(): void {
    cancelUnused();
    track?.stop();
    track = undefined;
  }

  /** The microphone was unplugged, or may not be used any more. */
  function lose(ended: MediaStreamTrack): void {
    if (ended !== track) return;
    const wasUsed = isWanted;
    isWanted = false;
    apply();
    stop();
    if (wasUsed) onState("gone");
  }

  async function ask(): Promise<void> {
    if (isAsking) return;
    isAsking = true;
    onState("asking");
    try {
      const given = await askForMicrophone();
      if (isHidden) {
        given.stop();
        onState("off");
      } else {
        track = given;
        given.addEventListener("ended", () => lose(given));
        apply();
      }
    } catch (error) {
      isWanted = false;
      onState((error instanceof DOMException && refusals[error.name]) || "failed");
    }
    isAsking = false;
  }

  return {
    /** Talks from now on over this peer connection, whose robot told of a speaker; that is after its first answer. V8 */
    meet(next: Peer | undefined): void {
      if (next === pc) return;
      pc = next;
      place = undefined;
      next?.addEventListener("signalingstatechange", () => {
        if (next === pc && isWanted && track) tell();
      });
      if (isWanted && !isAsking) apply();
    },
    talk(next: boolean): void {
      if (next === isWanted || (next && isHidden)) return;
      isWanted = next;
      if (next && track?.readyState !== "live") void ask();
      else if (!isAsking) apply();
    },
    /** Nobody looks at the page: the microphone is closed. */
    hide(next: boolean): void {
      isHidden = next;
      if (!next) return;
      isWanted = false;
      if (!isAsking) apply();
      stop();
    },
  };
}
