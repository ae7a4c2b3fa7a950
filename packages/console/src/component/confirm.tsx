import { type ReactNode, useId, useRef, useState } from "react";
import type { Failure } from "../api/failure.ts";
import { Button } from "./button.tsx";
import { FailureNote } from "./note.tsx";

type ConfirmProps = {
  /** The button that asks. */
  label: string;
  /** The subject, for a screen reader's user, who cannot see what the button stands beside. */
  about?: string;
  title: string;
  children: ReactNode;
  /** The confirmed action; a failure is shown, and the question stays open. */
  act: () => Promise<Failure | undefined>;
  size?: "small";
};

/** A button for what cannot be undone: it asks first, and says what follows. */
export function Confirm({ label, about, title, children, act, size }: ConfirmProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const id = useId();
  const run = async () => {
    setBusy(true);
    const failed = await act();
    setBusy(false);
    setFailure(failed);
    if (!failed) dialog.current?.close();
  };
  return (
    <>
      <Button
        kind="danger"
        aria-label={about === undefined ? undefined : `${label}: ${about}`}
        onClick={() => dialog.current?.showModal()}
        {...(size && { size })}
      >
        {label}
      </Button>
      <dialog ref={dialog} aria-labelledby={id} onClose={() => setFailure(undefined)}>
        <div className="stack">
          <h2 id={id}>{title}</h2>
          {children}
          {failure && <FailureNote failure={failure} />}
          <div className="row">
            <Button onClick={() => dialog.current?.close()}>Keep it as it is</Button>
            <Button kind="danger" isBusy={isBusy} onClick={() => void run()}>
              {label}
            </Button>
          </div>
        </div>
      </dialog>
    </>
  );
}
