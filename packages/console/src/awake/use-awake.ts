import { useEffect } from "react";

/** Tells a session when the page is seen again, and when the network is back. */
export function useAwake(session: { wake(): void } | undefined): void {
  useEffect(() => {
    if (!session) return undefined;
    const wake = () => {
      if (!document.hidden) session.wake();
    };
    window.addEventListener("online", wake);
    document.addEventListener("visibilitychange", wake);
    return () => {
      window.removeEventListener("online", wake);
      document.removeEventListener("visibilitychange", wake);
    };
  }, [session]);
}
