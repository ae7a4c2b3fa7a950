/** `asking`: the browser asks the person for the microphone. `refused`: it gave none. */
export type TalkState = "off" | "asking" | "on" | "refused";

/** The parts of a peer connection that talking needs. */
type Peer = Pick<RTCPeerConnection, "addTransceiver">;

type Env = {
  /** Asks for the person's microphone. */
  readonly askForMicrophone: () => Promise<MediaStreamTrack>;
  readonly onState: (state: TalkState) => void;
};

/** The most that a voice is sent with, in bits per second. */
const most = 32_000;

/** Sends what a person says to the robot while they want it to, and nothing at any other time. The microphone is asked for at the first word. V8 */
export function createTalking({ askForMicrophone, onState }: Env) {
  let pc: Peer | undefined;
  let sender: RTCRtpSender | undefined;
  let track: MediaStreamTrack | undefined;
  let isAsking = false;
  let isWanted = false;
  let isOver = false;

  function apply(): void {
    const isOn = isWanted && track !== undefined;
    if (track) track.enabled = isOn;
    // The place for it is offered when it is needed first: nobody who never talks has one.
    if (isOn) sender ??= pc?.addTransceiver("audio", { direction: "sendonly", sendEncodings: [{ maxBitrate: most }] }).sender;
    // Without a track nothing is sent at all. It is refused only by a peer connection that is closed.
    sender?.replaceTrack(isOn && track ? track : null).catch(() => {});
    onState(isOn ? "on" : "off");
  }

  async function ask(): Promise<void> {
    if (isAsking) return;
    isAsking = true;
    onState("asking");
    try {
      const given = await askForMicrophone();
      if (isOver) given.stop();
      else {
        track = given;
        apply();
      }
    } catch {
      isWanted = false;
      onState("refused");
    }
    isAsking = false;
  }

  return {
    /** Talks over this peer connection from now on. */
    meet(next: Peer | undefined): void {
      if (next === pc) return;
      pc = next;
      sender = undefined;
      if (isWanted) apply();
    },
    talk(next: boolean): void {
      if (next === isWanted) return;
      isWanted = next;
      if (next && track?.readyState !== "live") void ask();
      else if (!isAsking) apply();
    },
    close(): void {
      isOver = true;
      isWanted = false;
      sender?.replaceTrack(null).catch(() => {});
      track?.stop();
    },
  };
}
