import type { SeenSound } from "@tether/sdk/peer/cameras";
import { useEffect, useRef, useState } from "react";
import { Button } from "../../component/button.tsx";
import { soundWords } from "./sound-words.ts";

type Props = {
  readonly hear: ((isHeard: boolean) => void) | undefined;
  /** The robot's sound; undefined where it has none. */
  readonly sound: SeenSound<MediaStream> | undefined;
};

/** Plays what the robot hears, once somebody asks for it: a browser plays no sound by itself. */
export function HearButton({ hear, sound }: Props) {
  const audio = useRef<HTMLAudioElement>(null);
  const [isHeard, setHeard] = useState(false);
  const stream = sound?.stream;

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
  }, [stream, isHeard]);

  if (!sound) return null;
  return (
    <section className="card row" aria-label="Sound">
      {/* biome-ignore lint/a11y/useMediaCaption: live sound comes without captions. */}
      <audio ref={audio} />
      <Button size="small" aria-pressed={isHeard} onClick={() => setHeard(!isHeard)}>
        Hear the robot
      </Button>
      <span className="small" role="status">
        {isHeard && soundWords(sound)}
      </span>
    </section>
  );
}
