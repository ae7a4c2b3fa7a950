import type { ClientSessionId, RobotId } from "@tether/protocol/id";
import { routes } from "@tether/sdk/api";
import { useCallback, useEffect } from "react";
import { useLoaded } from "../api/load.ts";
import { Badge } from "../component/badge.tsx";
import { Button } from "../component/button.tsx";
import { useKeptFocus } from "../component/kept-focus.ts";
import { roleWords } from "../format/role.ts";
import { useServices } from "../services.ts";
import { peopleOf } from "./people.ts";
import type { Snapshot } from "./snapshot.ts";

const everyMs = 5_000;

/** The people who are attached: who drives, and who control can be handed to. */
export function PeoplePanel({ robot, snapshot, give }: { robot: RobotId; snapshot: Snapshot; give: (to: ClientSessionId) => void }) {
  const { api } = useServices();
  const { home, container } = useKeptFocus<HTMLHeadingElement>();
  const sessions = useLoaded(
    useCallback((signal) => api.call(routes.listSessions, { params: { robot }, signal }), [api, robot]),
    everyMs,
  );
  const { own, control, mine } = snapshot;
  const { reload } = sessions;
  const version = control?.version;
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever drives anew may be someone who is not known here yet.
  useEffect(reload, [reload, version]);
  const people = peopleOf(sessions.value?.items ?? [], { own, control });
  return (
    <section {...container} className="card stack people" data-gap="tight" aria-labelledby="people">
      <h2 ref={home} id="people" tabIndex={-1}>
        Who is here
      </h2>
      {sessions.failure && !sessions.value && <p className="small">{sessions.failure.says}</p>}
      <ul className="stack" data-gap="tight">
        {people.map(({ session, name, role, isSelf, isAway, drives, canDrive }) => (
          <li key={session} className="row" data-spread>
            <span>
              {isSelf ? "You" : name} <span className="quiet small">{roleWords[role].name}</span>
            </span>
            <span className="row">
              {drives ? <Badge tone="good">Drives</Badge> : isAway && <Badge tone="warn">Away</Badge>}
              {mine && canDrive && (
                <Button size="small" aria-label={`Hand over to ${name}`} onClick={() => give(session)}>
                  Hand over
                </Button>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
