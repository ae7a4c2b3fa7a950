import type { Speaker } from "@tether/sdk/peer/cameras";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { Button } from "../../component/button.tsx";
import { isModified } from "../input/listen.ts";
import { isTextField } from "../input/text-field.ts";
import { talkWords } from "./sound-words.ts";
import { createTalking, type TalkState } from "./talking.ts";

type Props = {
  readonly pc: RTCPeerConnection | undefined;
  /** The robot's speaker. */
  readonly speaker: Speaker;
  /** Whoever holds control may talk. */
  readonly mayTalk: boolean;
};

const key = "KeyV";

/** The browser takes the robot's sound, which it plays itself, out of what the microphone hears. */
async function askForMicrophone(): Promise<MediaStreamTrack> {
  const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  const [track] = (await navigator.mediaDevices.getUserMedia({ audio })).getAudioTracks();
  if (!track) throw new DOMException("There is no microphone.", "NotFoundError");
  return track;
}

/** Talks to the robot while it is held, by a pointer or the key V; a click of a keyboard or a screen reader begins, and the next one ends. */
export function TalkButton({ pc, speaker, mayTalk }: Props) {
  const talking = useRef<ReturnType<typeof createTalking>>(undefined);
  const [state, setState] = useState<TalkState>("off");

  useEffect(() => {
    const made = createTalking({ askForMicrophone, onState: setState });
    talking.current = made;
    return () => made.close();
  }, []);
  useEffect(() => talking.current?.meet(pc), [pc]);

  const talk = (isOn: boolean) => talking.current?.talk(isOn && mayTalk);
  const begin = useEffectEvent(() => talk(true));
  const end = useEffectEvent(() => talk(false));

  useEffect(() => {
    if (!mayTalk) return undefined;
    const over = new AbortController();
    const { signal } = over;
    window.addEventListener(
      "keydown",
      (event) => {
        if (event.code !== key || event.repeat || isModified(event) || isTextField(event.target)) return;
        event.preventDefault();
        begin();
      },
      { signal },
    );
    window.addEventListener("keyup", ({ code }) => code === key && end(), { capture: true, signal });
    // A release might not be heard any more.
    for (const name of ["blur", "pagehide"]) window.addEventListener(name, end, { signal });
    document.addEventListener("visibilitychange", end, { signal });
    return () => {
      over.abort();
      end();
    };
  }, [mayTalk]);

  return (
    <>
      <Button
        size="small"
        aria-pressed={state === "on"}
        aria-keyshortcuts="V"
        disabled={!mayTalk}
        onPointerDown={({ button, currentTarget, pointerId }) => {
          if (button !== 0) return;
          currentTarget.setPointerCapture(pointerId);
          talk(true);
        }}
        onPointerUp={() => talk(false)}
        onPointerCancel={() => talk(false)}
        onLostPointerCapture={() => talk(false)}
        onContextMenu={(event) => event.preventDefault()}
        onClick={({ detail }) => detail === 0 && talk(state !== "on")}
      >
        Hold to talk <span className="quiet with-keys"> V</span>
      </Button>
      <span className="small" role="status">
        {talkWords(state, speaker)}
      </span>
    </>
  );
}
