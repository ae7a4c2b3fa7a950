import { type Session, SessionPage, TimelinePage } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import { useCallback } from "react";
import type { Result } from "../api/failure.ts";
import { type Loaded, useLoaded } from "../api/load.ts";
import { driverOf } from "../fleet/presence.ts";
import { useWorld } from "../world.ts";

export type Standing = { readonly sessions: readonly Session[]; readonly driver: string | undefined };

/** A robot's sessions and who drives it, looked at every so often. */
export function useStanding(robot: RobotId, everyMs = 5_000): Loaded<Standing> {
  const { api } = useWorld();
  const load = useCallback(
    async (signal: AbortSignal): Promise<Result<Standing>> => {
      const [sessions, timeline] = await Promise.all([
        api.get(SessionPage, `/robots/${robot}/sessions`, signal),
        api.get(TimelinePage, `/robots/${robot}/timeline`, signal),
      ]);
      if ("failure" in sessions) return sessions;
      if ("failure" in timeline) return timeline;
      return { value: { sessions: sessions.value.items, driver: driverOf(timeline.value.items) } };
    },
    [api, robot],
  );
  return useLoaded(load, everyMs);
}
