import type { Robot } from "@tether/protocol/http";
import { useId } from "react";
import { Badge } from "../part/badge.tsx";
import { useStanding } from "../robot/standing.ts";
import { Link } from "../route/link.tsx";
import { useNow } from "../words/now.ts";
import { driveWord, roleWords } from "../words/role.ts";
import { presenceOf } from "./presence.ts";

export function RobotCard({ robot }: { robot: Robot }) {
  const standing = useStanding(robot.id);
  const now = useNow();
  const presence = standing.value && presenceOf(standing.value.sessions, now);
  const driver = standing.value?.driver;
  const id = useId();
  return (
    <article className="card robot">
      <div className="row" data-spread>
        <h2 id={id}>
          <Link to={{ page: "timeline", robot: robot.id }}>{robot.name}</Link>
        </h2>
        <Badge tone={presence?.tone ?? "quiet"}>{presence?.word ?? (standing.failure ? "Unknown" : "…")}</Badge>
      </div>
      <p className="small number">{presence?.line ?? standing.failure?.says ?? "Looking …"}</p>
      <div className="row" data-spread>
        <p className="small quiet">
          {driver === undefined ? "Nobody drives." : `${driver} drives.`} You are {roleWords[robot.role].name.toLowerCase()}.
        </p>
        <Link to={{ page: "drive", robot: robot.id }} className="button" data-size="small" aria-describedby={id}>
          {driveWord(robot.role)}
        </Link>
      </div>
    </article>
  );
}
