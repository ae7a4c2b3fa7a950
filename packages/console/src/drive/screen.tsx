import type { Seen } from "@tether/sdk/client";
import type { SeenCamera } from "@tether/sdk/peer/cameras";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "../component/button.tsx";
import { duration } from "../format/duration.ts";
import { useNow } from "../format/use-now.ts";
import { useServices } from "../services.ts";
import { type Freshness, watchFrames } from "./frame-watch.ts";
import { cameraWords, type Layout, LayoutButton, OtherCamera } from "./picture/cameras.tsx";
import { createMarkReader } from "./picture/mark-reader.ts";
import { stillName } from "./picture/still.ts";
import { PictureTools } from "./picture-tools.tsx";

type Props = {
  readonly picture: MediaStream | undefined;
  /** The robot's cameras, the one of the picture first. */
  readonly cameras: readonly SeenCamera<MediaStream>[];
  readonly lookThrough: ((camera: string) => void) | undefined;
  readonly showOthers: ((areShown: boolean) => void) | undefined;
  readonly name: string;
  readonly waiting: string;
  /** A picture is shown; undefined where nothing tells it from others. */
  readonly shown: ((seen: Seen | undefined) => void) | undefined;
  /** When the picture that is shown was taken. */
  readonly capturedAt: (() => number | undefined) | undefined;
  readonly stop: () => void;
  /** Lies over the picture. */
  readonly children?: ReactNode;
};

/** The robot's picture; one that is not of now says so. */
export function Screen({ picture, cameras, lookThrough, showOthers, name, waiting, shown, capturedAt, stop, children }: Props) {
  const { clock } = useServices().platform;
  const video = useRef<HTMLVideoElement>(null);
  const [layout, setLayout] = useState<Layout>("large");
  const [main, ...others] = cameras;
  const [isHalted, setHalted] = useState(false);
  const [freshness, setFreshness] = useState<{ is: Freshness; since: number }>({ is: "none", since: 0 });

  useEffect(() => {
    const element = video.current;
    if (!element || !picture) return undefined;
    const watch = watchFrames(clock, (is, since) => setFreshness({ is, since }));
    const readMark = createMarkReader();
    const stream = picture.id;
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

  const nameStill = () => stillName({ robot: name, camera: main?.name, capturedAt: capturedAt?.(), shownAt: clock.now() });

  return (
    <div className="screen" data-freshness={freshness.is}>
      <div className="pictures" data-layout={others.length > 0 ? layout : "large"} data-count={cameras.length}>
        <video ref={video} className="main-picture" muted playsInline aria-label={`What ${name} sees`} />
        {layout !== "only" && others.length > 0 && (
          <div className="other-pictures">
            {others.map((camera) => (
              <OtherCamera key={camera.name} camera={camera} choose={lookThrough} />
            ))}
          </div>
        )}
      </div>
      <div className="screen-words">
        <p role="status">
          {isHalted ? <strong>This browser does not run the picture by itself.</strong> : freshness.is === "none" && waiting}{" "}
          {freshness.is === "frozen" && <strong>This picture is old.</strong>} {main && cameraWords(main)}
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
      <PictureTools video={video} stop={stop} nameStill={nameStill}>
        {others.length > 0 && (
          <LayoutButton
            layout={layout}
            become={(next) => {
              setLayout(next);
              showOthers?.(next !== "only");
            }}
          />
        )}
      </PictureTools>
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
