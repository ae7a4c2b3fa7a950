import { useEffect, useRef } from "react";
import { type Attempt, stopWords } from "./stop.ts";

/** STOP, always in reach: the button stays where it is, and Escape does the same wherever the focus is. */
export function StopDock({ attempt, stop }: { attempt: Attempt | undefined; stop: () => void }) {
  const isDown = useRef(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.repeat) stop();
    };
    // Before anyone else can take the key for themselves.
    window.addEventListener("keydown", onKey, true);
    return () => window.removeEventListener("keydown", onKey, true);
  }, [stop]);
  const words = attempt && stopWords(attempt);
  return (
    <section className="dock" aria-label="Stop the robot">
      <button
        type="button"
        className="stop"
        aria-keyshortcuts="Escape"
        // As soon as it is touched: WCAG 2.5.2 lets what is essential happen on the way down, and a stop that waits for the finger is late.
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          isDown.current = true;
          stop();
        }}
        // From the keyboard, or from what helps a person press it.
        onClick={(event) => {
          if (!isDown.current || event.detail === 0) stop();
          isDown.current = false;
        }}
      >
        STOP
      </button>
      <div className="stop-words small" aria-live="assertive" data-tone={words?.tone}>
        {words ? (
          <p>
            <strong>{words.says}</strong> {words.remedy}
          </p>
        ) : (
          <p className="quiet">
            Anyone may stop the robot: here, or with <kbd>Esc</kbd>.
          </p>
        )}
      </div>
    </section>
  );
}
