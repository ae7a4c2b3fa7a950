import type { Seen } from "@tether/sdk/client";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "../component/button.tsx";
import { duration } from "../format/duration.ts";
import { useNow } from "../format/use-now.ts";
import { useServices } from "../services.ts";
import { type Freshness, watchFrames } from "./frame-watch.ts";
import { createMarkReader } from "./picture/mark-reader.ts";
import { PictureTools } from "./picture-tools.tsx";

type Props = {
  readonly picture: MediaStream | undefined;
  readonly name: string;
  readonly waiting: string;
  /** A picture is shown; undefined where nothing tells it from others. */
  readonly shown: ((seen: Seen | undefined) => void) | undefined;
  readonly stop: () => void;
  /** Lies over the picture. */
  readonly children?: ReactNode;
};

/** The robot's picture; one that is not of now says so. */
export function Screen({ picture, name, waiting, shown, stop, children }: Props) {
  const { clock } = useServices().platform;
  const video = useRef<HTMLVideoElement>(null);
  const [isHalted, setHalted] = useState(false);
  const [freshness, setFreshness] = useState<{ is: Freshness; since: number }>({ is: "none", since: 0 });

  useEffect(() => {
    const element = video.current;
    if (!element || !picture) return undefined;
    const watch = watchFrames(clock, (is, since) => setFreshness({ is, since }));
    const readMark = createMarkReader();
    const stream = picture.getVideoTracks()[0]?.id ?? "";
    let handle = 0;
    const next: VideoFrameRequestCallback = (_, { rtpTimestamp: rtp }) => {
      if (!element.paused) {
        watch.frame();
        const mark = readMark(element);
        shown?.(mark === undefined && rtp === undefined ? undefined : { stream, mark, rtp });
      }
      handle = element.requestVideoFrameCallback(next);
    };
    handle = element.requestVideoFrameCallback(next);
    const look = () => (document.hidden ? watch.hidden() : watch.looking());
    document.addEventListener("visibilitychange", look);
    const halt = () => {
      if (!element.paused) return;
      watch.halted();
      setHalted(true);
    };
    const run = () => setHalted(false);
    element.addEventListener("pause", halt);
    element.addEventListener("playing", run);
    element.srcObject = picture;
    play(element, halt);
    return () => {
      element.removeEventListener("pause", halt);
      element.removeEventListener("playing", run);
      setHalted(false);
      document.removeEventListener("visibilitychange", look);
      element.cancelVideoFrameCallback(handle);
      watch.gone();
      element.srcObject = null;
    };
  }, [picture, clock, shown]);

  return (
    <div className="screen" data-freshness={freshness.is}>
      <video ref={video} muted playsInline aria-label={`What ${name} sees`} />
      <div className="screen-words">
        <p role="status">
          {isHalted ? <strong>This browser does not run the picture by itself.</strong> : freshness.is === "none" && waiting}{" "}
          {freshness.is === "frozen" && <strong>This picture is old.</strong>}
        </p>
        {freshness.is === "frozen" && <Age since={freshness.since} />}
        {isHalted && (
          <div>
            <Button kind="main" onClick={() => video.current && play(video.current)}>
              Start the picture
            </Button>
          </div>
        )}
      </div>
      <PictureTools video={video} stop={stop} />
      {children}
    </div>
  );
}

/** Muted, it may begin by itself; a browser that saves power, or one that is told so, begins only once someone asks for it. */
function play(element: HTMLVideoElement, refused = () => {}): void {
  element.play().catch(refused);
}

function Age({ since }: { since: number }) {
  const now = useNow();
  return <p className="number">No new one for {duration(Math.max(now - since, 1_000))}.</p>;
}
