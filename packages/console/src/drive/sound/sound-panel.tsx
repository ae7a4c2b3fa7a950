import { useState } from "react";
import type { DriveSession } from "../drive-session.ts";
import type { Snapshot } from "../snapshot.ts";
import { HearButton } from "./hear-button.tsx";
import { TalkButton } from "./talk-button.tsx";
import { useTalking } from "./use-talking.ts";

type Props = {
  readonly driveSession: DriveSession | undefined;
  readonly snapshot: Pick<Snapshot, "pc" | "sound" | "speaker">;
  /** Whoever holds control may talk; undefined for who never does. */
  readonly mayTalk: boolean | undefined;
};

/** The sound of a robot that has a microphone or a speaker. */
export function SoundPanel({ driveSession, snapshot: { pc, sound, speaker }, mayTalk }: Props) {
  // Outlives the peer connection: whoever heard the robot hears it over the next one too.
  const [isHeard, setHeard] = useState(false);
  // As does the voice, and with it the button that somebody holds while another peer connection is made.
  const { state, talk } = useTalking(pc, speaker);
  const hasSpeaker = (speaker !== undefined || state !== "off") && mayTalk !== undefined;
  if (!sound && !hasSpeaker) return null;
  return (
    <section className="card row" aria-label="Sound">
      {sound && <HearButton hear={driveSession?.hear} sound={sound} isHeard={isHeard} setHeard={setHeard} />}
      {hasSpeaker && <TalkButton state={state} setTalking={talk} speaker={speaker} mayTalk={mayTalk} />}
    </section>
  );
}
