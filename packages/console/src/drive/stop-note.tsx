import type { Robot } from "@tether/protocol/http";
import { TimelinePage } from "@tether/protocol/http";
import { useCallback } from "react";
import { useLoaded } from "../api/load.ts";
import { useWorld } from "../world.ts";
import type { View } from "./cockpit.ts";
import { type Press, pressOf, stopNoteWords } from "./stop-note.ts";

/** A STOP that is in force, who pressed it and what ends it: over the picture, for everyone, also for whoever comes later. */
export function StopNote({ robot, view }: { robot: Robot; view: View }) {
  if (!view.inForce) return null;
  const press = pressOf(view);
  return press ? <Note view={view} press={press} /> : <LateNote robot={robot} view={view} />;
}

/** Whoever was not here when it was pressed reads on the timeline who that was. */
function LateNote({ robot: { id }, view }: { robot: Robot; view: View }) {
  const { api } = useWorld();
  const page = useLoaded(useCallback((signal: AbortSignal) => api.get(TimelinePage, `/robots/${id}/timeline`, signal), [api, id]));
  const last = page.value?.items.find(({ type }) => type === "robot.stopped");
  return <Note view={view} last={last && { by: last.actor, at: last.at }} />;
}

function Note({ view, ...known }: { view: View; press?: Press; last?: Press | undefined }) {
  const { says, remedy, warns } = stopNoteWords(view, known);
  return (
    <div className="stop-note" role="alert">
      <p>
        <strong>STOP is in force.</strong> {says} {remedy}
      </p>
      {warns !== undefined && <p>{warns}</p>}
    </div>
  );
}
