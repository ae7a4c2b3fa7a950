import { useEffect, useState, useSyncExternalStore } from "react";
import type { Session } from "../session/session.ts";
import { type SessionView, type Watch, watch } from "./watch.ts";

const never = () => () => {};

/**
 * Opens a session for as long as the component is there, and shows how it stands; undefined before. Keep `open` with `useCallback`:
 * another one closes the session and opens anew. Closing ends no session: with `resume` in `attach` the next one goes on with it, also in
 * React's strict mode, which opens twice. Call `session.leave()` to end it.
 */
export function useSession<Opened extends Pick<Session, "on" | "status" | "peers" | "close">>(
  open: () => Opened,
): SessionView<Opened> | undefined {
  const [watched, setWatched] = useState<Watch<Opened>>();
  useEffect(() => {
    const session = open();
    const next = watch(session);
    setWatched(next);
    return () => {
      next.stop();
      session.close();
      setWatched(undefined);
    };
  }, [open]);
  return useSyncExternalStore(watched?.subscribe ?? never, () => watched?.view());
}
