import type { SignalData } from "@tether/protocol/frame/signal";
import { limits } from "@tether/protocol/limits";
import type { Clock } from "../clock.ts";
import type { CandidateLike } from "../rtc/peer-connection.ts";
import { ufragOf } from "./ufrag.ts";

type Batch = Extract<SignalData, { kind: "candidates" }>;
export type Candidate = Batch["candidates"][number];

/** Collects the candidates that an engine finds within a moment, since each signal is a message, a run and a post of the broker. */
export interface CandidateBatch {
  add(candidate: CandidateLike): void;
  /** Sends what was collected: something else is to be sent after it, or no more will come. */
  flush(): void;
  /** Drops what was collected. */
  drop(): void;
}

/** The wait is counted from the first candidate, so none is held longer, however many follow. W3.2 */
export function createCandidateBatch(env: { readonly clock: Clock; readonly send: (data: SignalData) => void }): CandidateBatch {
  let collected: Candidate[] = [];
  let cancel: (() => void) | undefined;

  function drop(): void {
    cancel?.();
    cancel = undefined;
    collected = [];
  }

  function flush(): void {
    const candidates = collected;
    drop();
    const [first] = candidates;
    if (!first) return;
    // An end of an older version knows this form alone.
    if (candidates.length === 1) env.send({ kind: "candidate", ...first });
    else env.send({ kind: "candidates", candidates });
  }

  return {
    add(found) {
      const { candidate, sdpMid, sdpMLineIndex } = found;
      const ufrag = ufragOf(found);
      collected.push({ candidate, sdpMid, sdpMLineIndex, ...(ufrag !== undefined && { ufrag }) });
      if (collected.length >= limits.signal.candidates) flush();
      else cancel ??= env.clock.after(limits.signal.candidatesMs, flush);
    },
    flush,
    drop,
  };
}
