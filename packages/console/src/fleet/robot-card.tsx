import type { Robot } from "@tether/protocol/http";
import { Badge } from "../part/badge.tsx";
import { useStanding } from "../robot/standing.ts";
import { Link } from "../route/link.tsx";
import { useNow } from "../words/now.ts";
import { roleWords } from "../words/role.ts";
import { presenceOf } from "./presence.ts";

export function RobotCard({ robot }: { robot: Robot }) {
  const standing = useStanding(robot.id);
  const now = useNow();
  const presence = standing.value && presenceOf(standing.value.sessions, now);
  const driver = standing.value?.driver;
  return (
    <article className="card robot">
      <div className="row" data-spread>
        <h2>
          <Link to={{ page: "timeline", robot: robot.id }}>{robot.name}</Link>
        </h2>
        <Badge tone={presence?.tone ?? "quiet"}>{presence?.word ?? (standing.failure ? "Unknown" : "…")}</Badge>
      </div>
      <p className="small number">{presence?.line ?? standing.failure?.says ?? "Looking …"}</p>
      <p className="small quiet">
        {driver === undefined ? "Nobody drives." : `${driver} drives.`} You are {roleWords[robot.role].name.toLowerCase()}.
      </p>
    </article>
  );
}
