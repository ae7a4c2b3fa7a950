import { useEffect, useRef } from "react";
import { isTextField } from "./input/text-field.ts";
import { type Attempt, stopWords } from "./stop.ts";

type Props = { readonly attempt: Attempt | undefined; readonly stop: () => void; readonly holds: boolean };

/**
 * STOP, always in reach: the button stays where it is, and Escape does the same wherever the focus is. So does Space for who holds
 * control, but for text fields: buttons are pressed with Enter then.
 */
export function StopDock({ attempt, stop, holds }: Props) {
  const isDown = useRef(false);
  useEffect(() => {
    const isSpace = (event: KeyboardEvent) =>
      holds && event.code === "Space" && !event.ctrlKey && !event.altKey && !event.metaKey && !isTextField(event);
    const onDown = (event: KeyboardEvent) => {
      if (isSpace(event)) event.preventDefault();
      else if (event.key !== "Escape") return;
      if (!event.repeat) stop();
    };
    // A button that has the focus is pressed when Space comes up.
    const onUp = (event: KeyboardEvent) => {
      if (isSpace(event)) event.preventDefault();
    };
    // Before anyone else can take the key for themselves.
    window.addEventListener("keydown", onDown, true);
    window.addEventListener("keyup", onUp, true);
    return () => {
      window.removeEventListener("keydown", onDown, true);
      window.removeEventListener("keyup", onUp, true);
    };
  }, [stop, holds]);
  const words = attempt && stopWords(attempt);
  return (
    <section className="dock" aria-label="Stop the robot">
      <button
        type="button"
        className="stop"
        aria-keyshortcuts={holds ? "Escape Space" : "Escape"}
        // As soon as it is touched: WCAG 2.5.2 lets what is essential happen on the way down, and a stop that waits for the finger is late.
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          isDown.current = true;
          stop();
        }}
        // The click comes from a keyboard or an assistive technology.
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
            Anyone may stop the robot: here, or with <kbd>Esc</kbd>
            {holds && (
              <>
                {" "}
                or <kbd>Space</kbd>
              </>
            )}
            .
          </p>
        )}
      </div>
    </section>
  );
}
