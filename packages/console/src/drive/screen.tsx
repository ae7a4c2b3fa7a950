import { useEffect, useRef, useState } from "react";
import { duration } from "../words/duration.ts";
import { useNow } from "../words/now.ts";
import { useWorld } from "../world.ts";
import { type Freshness, watchFrames } from "./frame-watch.ts";

/** What the robot sees; where it is not what it sees now, it says so on the picture. */
export function Screen({ picture, name, waiting }: { picture: MediaStream | undefined; name: string; waiting: string }) {
  const { clock } = useWorld().platform;
  const video = useRef<HTMLVideoElement>(null);
  const [shown, setShown] = useState<{ is: Freshness; since: number }>({ is: "none", since: 0 });

  useEffect(() => {
    const element = video.current;
    if (!element || !picture) return undefined;
    const watch = watchFrames(clock, (is, since) => setShown({ is, since }));
    let handle = 0;
    const next = () => {
      watch.shown();
      handle = element.requestVideoFrameCallback(next);
    };
    handle = element.requestVideoFrameCallback(next);
    const look = () => (document.hidden ? watch.hidden() : watch.looking());
    document.addEventListener("visibilitychange", look);
    element.srcObject = picture;
    // Muted, it may begin by itself; a browser that saves power begins once someone touches the page.
    element.play().catch(() => undefined);
    return () => {
      document.removeEventListener("visibilitychange", look);
      element.cancelVideoFrameCallback(handle);
      watch.gone();
      element.srcObject = null;
    };
  }, [picture, clock]);

  return (
    <div className="screen" data-freshness={shown.is}>
      <video ref={video} muted autoPlay playsInline aria-label={`What ${name} sees`} />
      <div className="screen-words">
        <p role="status">
          {shown.is === "none" && waiting}
          {shown.is === "frozen" && <strong>This picture is old.</strong>}
        </p>
        {shown.is === "frozen" && <Age since={shown.since} />}
      </div>
    </div>
  );
}

function Age({ since }: { since: number }) {
  const now = useNow();
  return <p className="number">No new one for {duration(Math.max(now - since, 1_000))}.</p>;
}
