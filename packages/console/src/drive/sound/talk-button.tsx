import type { Speaker } from "@tether/sdk/peer/cameras";
import { useEffect, useEffectEvent } from "react";
import { Button } from "../../component/button.tsx";
import { isModified } from "../input/listen.ts";
import { onLostRelease } from "../input/lost-release.ts";
import { mayBeTextField } from "../input/text-field.ts";
import { talkWords } from "./sound-words.ts";
import type { TalkState } from "./talking.ts";

type Props = {
  readonly state: TalkState;
  readonly setTalking: (isWanted: boolean) => void;
  /** The robot's speaker; undefined while another peer connection is made. */
  readonly speaker: Speaker | undefined;
  /** Whoever holds control may talk. */
  readonly mayTalk: boolean;
};

const key = "KeyV";

/** Talks to the robot while it is held, by a pointer or the key V; a click of a keyboard or a screen reader begins, and the next one ends. */
export function TalkButton({ state, setTalking, speaker, mayTalk }: Props) {
  const isHeld = state === "on" || state === "starting";
  const talk = (isOn: boolean) => setTalking(isOn && mayTalk);
  const begin = useEffectEvent(() => talk(true));
  const end = useEffectEvent(() => talk(false));

  useEffect(() => {
    if (!mayTalk) return undefined;
    const over = new AbortController();
    const { signal } = over;
    window.addEventListener(
      "keydown",
      (event) => {
        // While a modifier is down, releases get lost.
        if (isModified(event)) end();
        if (event.code !== key || event.repeat || isModified(event) || mayBeTextField(event)) return;
        event.preventDefault();
        begin();
      },
      { signal },
    );
    window.addEventListener("keyup", ({ code }) => code === key && end(), { capture: true, signal });
    onLostRelease(end, signal);
    return () => {
      over.abort();
      end();
    };
  }, [mayTalk]);

  return (
    <>
      <Button
        size="small"
        aria-pressed={isHeld}
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
        onClick={({ detail }) => detail === 0 && talk(!isHeld)}
      >
        Hold to talk <span className="quiet with-keys"> V</span>
      </Button>
      <span className="small" role="status">
        {talkWords(state, speaker)}
      </span>
    </>
  );
}
