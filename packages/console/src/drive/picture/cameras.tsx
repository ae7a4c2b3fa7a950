import type { SeenCamera } from "@tether/sdk/peer/cameras";
import { useEffect, useRef } from "react";
import { Button } from "../../component/button.tsx";

/** The arrangement of several cameras: one large and the others over its edge, all of the same size, or one alone. */
export type Layout = "large" | "side" | "only";

const next: Readonly<Record<Layout, Layout>> = { large: "side", side: "only", only: "large" };
const words: Readonly<Record<Layout, string>> = { large: "One large", side: "Side by side", only: "One alone" };

/** Goes to the next arrangement, whose name it has. */
export function LayoutButton({ layout, become }: { readonly layout: Layout; readonly become: (layout: Layout) => void }) {
  return (
    <Button size="small" onClick={() => become(next[layout])}>
      {words[next[layout]]}
    </Button>
  );
}

/** The faults of cameras by their names; a camera whose picture comes has none. */
export function cameraWords({ name, state, says }: SeenCamera<unknown>): string | undefined {
  if (state === "failed") return `The camera ${name} failed: ${says ?? ""} It is started again.`;
  if (state === "paused") return `The camera ${name} is paused: the connection does not bear it beside the other.`;
  return state === "starting" ? `The camera ${name} starts.` : undefined;
}

/** A camera that one does not drive by. To choose it makes it the large one. */
export function OtherCamera({
  camera,
  choose,
}: {
  readonly camera: SeenCamera<MediaStream>;
  readonly choose: ((camera: string) => void) | undefined;
}) {
  const video = useRef<HTMLVideoElement>(null);
  const { stream, name } = camera;
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    element.srcObject = stream ?? null;
    // A browser that does not run it by itself shows its first picture, and runs it once the large one was asked for.
    element.play().catch(() => {});
  }, [stream]);
  return (
    <figure className="other-picture">
      <video ref={video} muted playsInline aria-label={`The camera ${name}`} />
      <figcaption>
        <Button size="small" onClick={() => choose?.(name)}>
          {name}
        </Button>
        <span className="small">{cameraWords(camera)}</span>
      </figcaption>
    </figure>
  );
}
