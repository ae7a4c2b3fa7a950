import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { Button } from "../component/button.tsx";
import { saveAs } from "../component/save-as.ts";
import { stillOf } from "./picture/still.ts";

type Props = {
  readonly video: RefObject<HTMLVideoElement | null>;
  /** Stops the robot. */
  readonly stop: () => void;
  /** The name of a file with the picture that is shown now. */
  readonly nameStill: () => string;
  readonly children?: ReactNode;
};

/** A file of the picture, full screen with all that one drives and stops with, and a window of its own for the picture alone. */
export function PictureTools({ video, stop, nameStill, children }: Props) {
  const isFull = useFullScreen(stop);
  return (
    <div className="screen-tools">
      {children}
      <Button size="small" onClick={() => void save(video.current, nameStill())}>
        Snapshot
      </Button>
      {document.fullscreenEnabled && (
        <Button size="small" onClick={isFull.toggle(video)}>
          {isFull.now ? "Leave full screen" : "Full screen"}
        </Button>
      )}
      {document.pictureInPictureEnabled && (
        <Button size="small" onClick={() => void popOut(video.current)}>
          Pop out
        </Button>
      )}
    </div>
  );
}

/** The browser keeps Escape for itself in full screen. Whoever presses it means STOP: leaving in any way but by the button is one. */
function useFullScreen(stop: () => void) {
  const [now, setNow] = useState(() => document.fullscreenElement !== null);
  const isAsked = useRef(false);
  useEffect(() => {
    const changed = () => {
      const isFull = document.fullscreenElement !== null;
      if (!isFull && !isAsked.current) stop();
      isAsked.current = false;
      setNow(isFull);
    };
    document.addEventListener("fullscreenchange", changed);
    return () => document.removeEventListener("fullscreenchange", changed);
  }, [stop]);
  const toggle = (video: Props["video"]) => () => {
    if (document.fullscreenElement) {
      isAsked.current = true;
      void document.exitFullscreen();
    } else video.current?.closest(".drive")?.requestFullscreen().catch(ignored);
  };
  return { now, toggle };
}

/** Saves the picture that is shown; its name was made when the button was pressed. */
async function save(video: HTMLVideoElement | null, name: string): Promise<void> {
  const still = video && (await stillOf(video));
  if (still) saveAs(name, still);
}

async function popOut(video: HTMLVideoElement | null): Promise<void> {
  if (document.pictureInPictureElement) await document.exitPictureInPicture();
  else await video?.requestPictureInPicture().catch(ignored);
}

/** The browser refuses either while there is no picture or no click; the page stays as it is. */
function ignored(): void {}
