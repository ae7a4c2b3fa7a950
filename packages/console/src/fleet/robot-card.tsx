import type { Robot } from "@tether/protocol/http";
import { useId } from "react";
import { Badge } from "../component/badge.tsx";
import { driveWord, roleWords } from "../format/role.ts";
import { useNow } from "../format/use-now.ts";
import { Link } from "../route/link.tsx";
import { driverWords, presenceWords, stopWords } from "./presence.ts";
import { StopButton } from "./stop-button.tsx";

export function RobotCard({ robot }: { robot: Robot }) {
  const now = useNow();
  const { name, role, presence = { state: "offline" } } = robot;
  const { tone, word, detail } = presenceWords(presence, now);
  const stopped = stopWords(presence, now);
  const id = useId();
  return (
    <article className="card robot">
      <div className="row" data-spread>
        <h2 id={id}>
          <Link to={{ page: "timeline", robot: robot.id }}>{name}</Link>
        </h2>
        <Badge tone={tone}>{word}</Badge>
      </div>
      <p className="small number">{detail}</p>
      {stopped !== undefined && (
        <p className="small number stop-in-force">
          <strong>{stopped}</strong>
        </p>
      )}
      <div className="row" data-spread>
        <p className="small quiet">
          {driverWords(presence, now)} You are {roleWords[role].name.toLowerCase()}.
        </p>
        <Link to={{ page: "drive", robot: robot.id }} className="button" data-size="small" aria-describedby={id}>
          {driveWord(role)}
        </Link>
      </div>
      {presence.state !== "offline" && <StopButton robot={robot} about={id} />}
    </article>
  );
}
