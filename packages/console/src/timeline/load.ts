import { TimelinePage } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { useEffect, useRef, useState } from "react";
import type { Failure } from "../api/failure.ts";
import { useWorld } from "../world.ts";
import type { Event } from "./event.ts";
import { type History, merged, nothing } from "./history.ts";

const everyMs = 3_000;
/** So many pages are followed at one go; beyond, one looks at a part that is nearer. */
const pagesMost = 40;

export type TimelineKnown = { readonly history: History; readonly failure: Failure | undefined; readonly isLoading: boolean };

/** A robot's timeline from `from` on: older pages as they are needed, newer entries every few seconds while the page can be seen. */
export function useTimeline(robot: RobotId, from: number): TimelineKnown {
  const { api, platform } = useWorld();
  const [history, setHistory] = useState(nothing);
  const [failure, setFailure] = useState<Failure>();
  const [isLoading, setLoading] = useState(true);
  const current = useRef(nothing);
  const wanted = useRef(from);
  wanted.current = from;

  useEffect(() => {
    const abort = new AbortController();
    let cancel = () => {};

    async function page(cursor: string | undefined): Promise<{ items: readonly Event[]; cursor?: string | undefined } | undefined> {
      const query = cursor === undefined ? "" : `?cursor=${encodeURIComponent(cursor)}`;
      const result = await api.get(TimelinePage, `/robots/${robot}/timeline${query}`, abort.signal);
      if ("value" in result) return result.value;
      setFailure(result.failure);
      return undefined;
    }

    function take(next: History): void {
      current.current = next;
      setHistory(next);
    }

    /** Newest first until it meets what is known, then older ones as far back as is looked at. */
    async function load(): Promise<void> {
      let cursor: string | undefined;
      let fresh: Event[] = [];
      for (let count = 0; count < pagesMost; count++) {
        const got = await page(cursor);
        if (!got) return;
        fresh = [...fresh, ...got.items];
        cursor = got.cursor;
        const joined = merged(current.current, fresh, cursor);
        if (joined) {
          take(joined);
          break;
        }
      }
      for (let count = 0; count < pagesMost && current.current.since > wanted.current && current.current.cursor !== undefined; count++) {
        const got = await page(current.current.cursor);
        if (!got) return;
        const { events } = current.current;
        take({
          events: [...got.items.toReversed(), ...events],
          since: got.cursor === undefined ? -Infinity : (got.items.at(-1)?.at ?? 0),
          cursor: got.cursor,
        });
      }
      setFailure(undefined);
    }

    async function run(): Promise<void> {
      cancel();
      await load().catch(() => undefined);
      if (abort.signal.aborted) return;
      setLoading(false);
      if (!document.hidden) cancel = platform.clock.after(everyMs, () => void run());
    }

    const seen = () => {
      if (!document.hidden) void run();
    };
    void run();
    document.addEventListener("visibilitychange", seen);
    return () => {
      abort.abort();
      cancel();
      document.removeEventListener("visibilitychange", seen);
    };
  }, [api, platform, robot]);

  return { history, failure, isLoading };
}
