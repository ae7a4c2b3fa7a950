import type { RobotId } from "@tether/protocol/id";
import { routes } from "@tether/sdk/api";
import { useEffect, useRef, useState } from "react";
import type { Failure } from "../api/failure.ts";
import { useServices } from "../services.ts";
import { type History, nothing } from "./history.ts";
import { createReader } from "./reader.ts";

const everyMs = 3_000;

export type TimelineKnown = {
  readonly history: History;
  readonly failure: Failure | undefined;
  readonly isLoading: boolean;
  /** Something older is to come: what is looked at is not all there yet. */
  readonly isPartial: boolean;
};

/** A robot's timeline from `from` on: older pages as they are needed, newer entries every few seconds while the page can be seen. */
export function useTimeline(robot: RobotId, from: number): TimelineKnown {
  const { api, platform } = useServices();
  const [history, setHistory] = useState(nothing);
  const [failure, setFailure] = useState<Failure>();
  const [isLoading, setLoading] = useState(true);
  const wanted = useRef(from);
  const readNow = useRef(() => {});
  wanted.current = from;

  useEffect(() => {
    const abort = new AbortController();
    let cancel = () => {};
    const reader = createReader({
      known: setHistory,
      page: (cursor) => api.call(routes.listTimeline, { params: { robot }, query: { cursor }, signal: abort.signal }),
    });
    const read = async () => {
      if (abort.signal.aborted || document.hidden) return;
      cancel();
      const failed = await reader.read(() => wanted.current).catch(() => undefined);
      if (abort.signal.aborted) return;
      setFailure(failed);
      setLoading(false);
      cancel();
      cancel = platform.clock.after(everyMs, () => void read());
    };
    const start = () => void read();
    readNow.current = start;
    start();
    document.addEventListener("visibilitychange", start);
    return () => {
      abort.abort();
      cancel();
      document.removeEventListener("visibilitychange", start);
    };
  }, [api, platform, robot]);

  const isPartial = history.cursor !== undefined && history.since > from;
  useEffect(() => {
    if (isPartial) readNow.current();
  }, [isPartial]);

  return { history, failure, isLoading, isPartial };
}
