import { useEffect, useState } from "react";
import type { Failure } from "../api/failure.ts";
import { unreachable } from "../api/failure.ts";
import { Button } from "../component/button.tsx";
import { FailureNote, Note } from "../component/note.tsx";
import { useServices } from "../services.ts";

/** The page of a person who is not signed in. */
export function Welcome({ why }: { why: string | undefined }) {
  const { identity } = useServices();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  useEffect(() => {
    document.title = "Sign in · Tether";
  }, []);
  const begin = () => {
    setBusy(true);
    setFailure(undefined);
    identity.signIn(location.pathname).catch(() => {
      setBusy(false);
      setFailure({ ...unreachable, remedy: "Look at the network, and try again." });
    });
  };
  return (
    <main className="welcome">
      <h1>Tether</h1>
      <p>Set up a robot, drive it, and read why it dropped.</p>
      {why !== undefined && <Note tone="warn">{why}</Note>}
      {failure && <FailureNote failure={failure} />}
      <Button kind="main" isBusy={isBusy} onClick={begin}>
        Sign in
      </Button>
    </main>
  );
}
