import { type Robot, RobotPage } from "@tether/protocol/http";
import { limits } from "@tether/protocol/limits";
import { useCallback, useState } from "react";
import { useLoaded } from "../api/load.ts";
import { loadAll } from "../api/pages.ts";
import { Empty } from "../component/empty.tsx";
import { Field } from "../component/field.tsx";
import { FailureNote } from "../component/note.tsx";
import { Page, Skeleton } from "../component/page.tsx";
import { Link } from "../route/link.tsx";
import { useServices } from "../services.ts";
import { RobotCard } from "./robot-card.tsx";

/** One request each, but of a fleet that is more than a page only as many in the same time. */
const everyMs = (robots: readonly Robot[] = []) => 5_000 * Math.max(1, Math.ceil(robots.length / limits.http.pageItems));

/** All robots the person may see, and how each stands. */
export function FleetPage() {
  const { api } = useServices();
  const robots = useLoaded(
    useCallback((signal) => loadAll((cursor) => api.get(RobotPage, `/robots${cursor}`, signal)), [api]),
    everyMs,
  );
  const [wanted, setWanted] = useState("");
  // By name: a card keeps its place whatever becomes of its robot.
  const matching = robots.value?.filter((robot) => matches(robot, wanted)).sort((a, b) => a.name.localeCompare(b.name)) ?? [];
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
      {robots.isLoading && <Skeleton />}
      {robots.value && robots.value.length > 1 && (
        <Field label="Search" type="search" value={wanted} placeholder="Name or id" onChange={({ target }) => setWanted(target.value)} />
      )}
      {robots.value?.length === 0 && (
        <Empty title="No robots yet">
          <p>Set one up: it takes a minute. Or ask an owner to let you in to theirs; it is then shown here.</p>
          <Link to={{ page: "new" }} kind="main">
            Set up your first robot
          </Link>
        </Empty>
      )}
      <p className="hidden" role="status">
        {wanted !== "" && `${matching.length} of ${robots.value?.length ?? 0} robots`}
      </p>
      {robots.value && robots.value.length > 0 && matching.length === 0 && <p>No robot of yours has “{wanted}” in its name or id.</p>}
      <ul className="fleet">
        {matching.map((robot) => (
          <li key={robot.id}>
            <RobotCard robot={robot} />
          </li>
        ))}
      </ul>
    </Page>
  );
}

function matches({ name, id }: Robot, wanted: string): boolean {
  const text = wanted.trim().toLowerCase();
  return name.toLowerCase().includes(text) || id.toLowerCase().includes(text);
}
