import type { SeenSound } from "@tether/sdk/peer/cameras";
import { useEffect, useRef } from "react";
import { Button } from "../../component/button.tsx";
import { soundWords } from "./sound-words.ts";

type Props = {
  readonly hear: ((isHeard: boolean) => void) | undefined;
  readonly sound: SeenSound<MediaStream>;
  readonly isHeard: boolean;
  readonly setHeard: (isHeard: boolean) => void;
};

/** Plays what the robot hears, once somebody asks for it: a browser plays no sound by itself. */
export function HearButton({ hear, sound, isHeard, setHeard }: Props) {
  const audio = useRef<HTMLAudioElement>(null);
  const { stream } = sound;

  useEffect(() => hear?.(isHeard), [hear, isHeard]);

  useEffect(() => {
    const element = audio.current;
    if (!element || !stream || !isHeard) return undefined;
    element.srcObject = stream;
    // One that refuses is asked again by the next press.
    element.play().catch(({ name }: DOMException) => name === "NotAllowedError" && setHeard(false));
    return () => {
      element.srcObject = null;
    };
  }, [stream, isHeard, setHeard]);

  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: live sound comes without captions. */}
      <audio ref={audio} />
      <Button size="small" aria-pressed={isHeard} onClick={() => setHeard(!isHeard)}>
        Hear the robot
      </Button>
      <span className="small" role="status">
        {isHeard && soundWords(sound)}
      </span>
    </>
  );
}
