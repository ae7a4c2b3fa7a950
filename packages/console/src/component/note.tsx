import type { ReactNode } from "react";
import type { Failure } from "../api/failure.ts";
import { useServices } from "../services.ts";
import { Button } from "./button.tsx";

export function Note({ tone, children }: { tone?: "good" | "warn" | "bad"; children: ReactNode }) {
  return (
    <div className="note" data-tone={tone}>
      {children}
    </div>
  );
}

/** A failure in words: what is so, and the first thing to do. */
export function FailureNote({ failure, retry }: { failure: Failure; retry?: () => void }) {
  const { identity } = useServices();
  const needsSignIn = failure.code.startsWith("auth.");
  return (
    <div className="note" data-tone="bad" role="alert">
      <strong>{failure.says}</strong>
      <p>{failure.remedy}</p>
      {needsSignIn ? (
        <div>
          <Button onClick={() => void identity.signIn(location.pathname)}>Sign in again</Button>
        </div>
      ) : (
        retry && (
          <div>
            <Button onClick={retry}>Try again</Button>
          </div>
        )
      )}
    </div>
  );
}
