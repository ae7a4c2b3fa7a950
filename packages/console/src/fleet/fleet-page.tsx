import { PresenceState, type Robot } from "@tether/protocol/http";
import { useState } from "react";
import { Empty } from "../component/empty.tsx";
import { Choice, Field } from "../component/field.tsx";
import { FailureNote } from "../component/note.tsx";
import { Page, Skeleton } from "../component/page.tsx";
import { Link } from "../route/link.tsx";
import { presenceWords } from "./presence.ts";
import { RobotCard } from "./robot-card.tsx";
import { useFleet } from "./use-fleet.ts";
import type { Filter } from "./watch.ts";

const states = PresenceState.options;

/** All robots the person may see, each with its presence. */
export function FleetPage() {
  const [wanted, setWanted] = useState("");
  const [state, setState] = useState<Filter["state"]>();
  const robots = useFleet({ name: wanted.trim(), ...(state && { state }) });
  const known = robots.robots;
  // Cards are sorted by name, so that each keeps its place whatever becomes of its robot.
  const matching = known?.filter((robot) => matches(robot, wanted, state)).sort((a, b) => a.name.localeCompare(b.name)) ?? [];
  const isFiltered = wanted !== "" || state !== undefined;
  return (
    <Page
      title="Robots"
      beside={
        <Link to={{ page: "new" }} kind="main">
          Set up a robot
        </Link>
      }
    >
      {robots.failure && <FailureNote failure={robots.failure} retry={robots.reload} />}
      {!known && !robots.failure && <Skeleton />}
      {known && (known.length > 1 || isFiltered) && (
        <div className="row">
          <Field label="Search" type="search" value={wanted} placeholder="Name or id" onChange={({ target }) => setWanted(target.value)} />
          <Choice label="State" value={state ?? ""} onChange={({ target }) => setState(states.find((one) => one === target.value))}>
            <option value="">Any</option>
            {states.map((one) => (
              <option key={one} value={one}>
                {presenceWords({ state: one, since: 0 }, 0).word}
              </option>
            ))}
          </Choice>
        </div>
      )}
      {!robots.isWhole && (
        <p className="small quiet">
          These are not all: there are more robots than one page can hold. Search for the others by name or state.
        </p>
      )}
      {known?.length === 0 && !isFiltered && (
        <Empty title="No robots yet">
          <p>Set one up: it takes a minute. Or ask an owner to let you in to theirs; it is then matching here.</p>
          <Link to={{ page: "new" }} kind="main">
            Set up your first robot
          </Link>
        </Empty>
      )}
      <p className="hidden" role="status">
        {isFiltered && `${matching.length} of ${known?.length ?? 0} robots`}
      </p>
      {known && isFiltered && matching.length === 0 && (
        <p>
          {wanted === ""
            ? "No robot of yours is in that state."
            : `No robot of yours has “${wanted}” in its name or id${state ? " and is in that state" : ""}.`}
        </p>
      )}
      <ul className="fleet">
        {matching.map((robot) => (
          <li key={robot.id} ref={robots.card} data-robot={robot.id}>
            <RobotCard robot={robot} />
          </li>
        ))}
      </ul>
    </Page>
  );
}

function matches({ name, id, presence }: Robot, wanted: string, state: Filter["state"]): boolean {
  const text = wanted.trim().toLowerCase();
  const isNamed = name.toLowerCase().includes(text) || id.toLowerCase().includes(text);
  return isNamed && (state === undefined || presence?.state === state);
}
