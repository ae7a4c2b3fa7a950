import type { Speaker } from "@tether/sdk/peer/cameras";
import { useCallback, useEffect, useRef, useState } from "react";
import { useServices } from "../../services.ts";
import { createTalking, type TalkState } from "./talking.ts";

/** The browser takes the robot's sound, which it plays itself, out of what the microphone hears. */
async function askForMicrophone(): Promise<MediaStreamTrack> {
  const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  const [track] = (await navigator.mediaDevices.getUserMedia({ audio })).getAudioTracks();
  if (!track) throw new DOMException("There is no microphone.", "NotFoundError");
  return track;
}

/** Talks over one peer connection after the other, each once its robot told of a speaker. */
export function useTalking(pc: RTCPeerConnection | undefined, speaker: Speaker | undefined) {
  const { clock } = useServices().platform;
  const talking = useRef<ReturnType<typeof createTalking>>(undefined);
  const [state, setState] = useState<TalkState>("off");
  const met = speaker ? pc : undefined;

  useEffect(() => {
    const made = createTalking({ clock, askForMicrophone, onState: setState });
    talking.current = made;
    const look = () => made.hide(document.visibilityState === "hidden");
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
      made.hide(true);
    };
  }, [clock]);
  useEffect(() => talking.current?.meet(met), [met]);

  const talk = useCallback((isWanted: boolean) => talking.current?.talk(isWanted), []);
  return { state, talk };
}
