import type { Robot } from "@tether/protocol/http";
import { useId } from "react";
import { Badge } from "../part/badge.tsx";
import { Link } from "../route/link.tsx";
import { useNow } from "../words/now.ts";
import { driveWord, roleWords } from "../words/role.ts";
import { drivingOf, standingOf } from "./presence.ts";
import { StopButton } from "./stop-button.tsx";

export function RobotCard({ robot }: { robot: Robot }) {
  const now = useNow();
  const { name, role, presence = { state: "offline" } } = robot;
  const { tone, word, line } = standingOf(presence, now);
  const id = useId();
  return (
    <article className="card robot">
      <div className="row" data-spread>
        <h2 id={id}>
          <Link to={{ page: "timeline", robot: robot.id }}>{name}</Link>
        </h2>
        <Badge tone={tone}>{word}</Badge>
      </div>
      <p className="small number">{line}</p>
      <div className="row" data-spread>
        <p className="small quiet">
          {drivingOf(presence, now)} You are {roleWords[role].name.toLowerCase()}.
        </p>
        <Link to={{ page: "drive", robot: robot.id }} className="button" data-size="small" aria-describedby={id}>
          {driveWord(role)}
        </Link>
      </div>
      {presence.state !== "offline" && <StopButton robot={robot} about={id} />}
    </article>
  );
}
