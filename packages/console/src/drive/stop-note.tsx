import type { Robot } from "@tether/protocol/http";
import { routes } from "@tether/sdk/api";
import { useCallback } from "react";
import { useLoaded } from "../api/load.ts";
import { useServices } from "../services.ts";
import { type Press, pressOf, stopNoteWords } from "./press.ts";
import type { Snapshot } from "./snapshot.ts";

/** A STOP that is in force, who pressed it and what ends it: over the picture, for everyone, also for whoever comes later. */
export function StopNote({ robot, snapshot }: { robot: Robot; snapshot: Snapshot }) {
  if (!snapshot.inForce) return null;
  const press = pressOf(snapshot);
  return press ? <Note snapshot={snapshot} press={press} /> : <LateNote robot={robot} snapshot={snapshot} />;
}

/** A page that came later reads the presser from the timeline. */
function LateNote({ robot: { id }, snapshot }: { robot: Robot; snapshot: Snapshot }) {
  const { api } = useServices();
  const page = useLoaded(useCallback((signal: AbortSignal) => api.call(routes.listTimeline, { params: { robot: id }, signal }), [api, id]));
  const last = page.value?.items.find(({ type }) => type === "robot.stopped");
  return <Note snapshot={snapshot} last={last && { by: last.actor, at: last.at }} />;
}

function Note({ snapshot, ...known }: { snapshot: Snapshot; press?: Press; last?: Press | undefined }) {
  const { says, remedy, warns } = stopNoteWords(snapshot, known);
  return (
    <div className="stop-note" role="alert">
      <p>
        <strong>STOP is in force.</strong> {says} {remedy}
      </p>
      {warns !== undefined && <p>{warns}</p>}
    </div>
  );
}
