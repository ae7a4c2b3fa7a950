import type { Robot } from "@tether/protocol/http";
import { useCallback, useEffect, useState } from "react";
import { Badge } from "../part/badge.tsx";
import { Button } from "../part/button.tsx";
import { Link } from "../route/link.tsx";
import { timeOf } from "../words/instant.ts";
import { useNow } from "../words/now.ts";
import { useWorld } from "../world.ts";
import { Alarms } from "./alarm/alarms.tsx";
import type { View } from "./cockpit.ts";
import { ControlPanel } from "./control-panel.tsx";
import { standingOf, stopReasons, tellsOfRole } from "./control-words.ts";
import { deadlinesOf } from "./deadline.ts";
import { endingOf, remedyWords } from "./ending.ts";
import { useGamepad } from "./input/use-gamepad.ts";
import { type LinkWords, linkWords, noPicture } from "./link-words.ts";
import { actorName } from "./people.ts";
import { PeoplePanel } from "./people-panel.tsx";
import { Screen } from "./screen.tsx";
import { StatsPanel } from "./stats/stats-panel.tsx";
import { Steering } from "./steering.tsx";
import { StopDock } from "./stop-dock.tsx";
import { pressOf } from "./stop-note.ts";
import { StopNote } from "./stop-note.tsx";
import { TelemetryPanel } from "./telemetry-panel.tsx";
import { type Seat, useCockpit } from "./use-cockpit.ts";

/** The robot's picture, control of it, and STOP. Viewers see the same, and cannot drive. */
export function DriveView({ robot, changed }: { robot: Robot; changed: () => void }) {
  const [round, setRound] = useState(0);
  const seat = useCockpit(robot.id, round);
  const { cockpit, view } = seat;
  const now = useServerNow(seat);
  const link = linkWords(view, now);
  const { canDrive } = standingOf(view, robot.role, now);
  const stop = useCallback(() => cockpit?.stop(), [cockpit]);
  const plugged = useGamepad(stop);
  const isDemoted = view.news !== undefined && tellsOfRole(view.news);
  useEffect(() => {
    if (isDemoted) changed();
  }, [isDemoted, changed]);
  const isOver = view.status === "stopped";
  return (
    <div className="cockpit" data-role={robot.role}>
      <Screen picture={view.picture} name={robot.name} waiting={noPicture(view, now)}>
        <StopNote robot={robot} view={view} />
      </Screen>
      <div className="stack cockpit-side">
        {isOver && view.why ? (
          <Over why={view.why} again={() => setRound(round + 1)} />
        ) : (
          <>
            {/* Above all that grows: a joystick that moves under the hand would steer. */}
            {robot.role !== "viewer" && (
              <Steering command={cockpit?.control.command} canDrive={canDrive} holds={view.mine} plugged={plugged} />
            )}
            <ControlPanel cockpit={cockpit} view={view} role={robot.role} now={now} />
            <LinkCard link={link} />
            <Alarms view={view} name={robot.name} />
          </>
        )}
      </div>
      <div className="cockpit-more">
        <PeoplePanel robot={robot.id} view={view} give={(to) => cockpit?.give(to)} />
        {cockpit && <StatsPanel pc={view.pc} control={cockpit.control} />}
        {cockpit && <TelemetryPanel cockpit={cockpit} />}
      </div>
      {!isOver && <Strip seat={seat} now={now} />}
      <StopDock attempt={view.stop} stop={stop} holds={view.mine} />
    </div>
  );
}

/** Who speaks with whom just now. Its place is kept, so that an outage moves nothing. */
function LinkCard({ link: { tone, word, says, remedy, clock } }: { link: LinkWords }) {
  return (
    <section className="card link stack" data-gap="tight" aria-labelledby="link">
      <div className="row" data-spread>
        <h2 id="link">Contact</h2>
        <Badge tone={tone}>{word}</Badge>
      </div>
      <p className="small" aria-live="polite">
        {says} {remedy}
      </p>
      {clock !== undefined && <p className="small number">{clock}</p>}
    </section>
  );
}

/** The time by the server's clock, by which all deadlines are. */
function useServerNow({ cockpit }: Seat): number {
  const now = useNow();
  return cockpit?.now() ?? now;
}

/** What ends when, quietly: it is there for who looks for it. */
function Strip({ seat: { view, deadlines }, now }: { seat: Seat; now: number }) {
  const { stopped } = view;
  const by = stopped?.reason === "stop" ? pressOf(view)?.by : undefined;
  return (
    <dl className="strip small number">
      {deadlinesOf(deadlines, view, now).map(({ name, says, isDue }) => (
        <div key={name} data-due={isDue || undefined}>
          <dt>{name}</dt>
          <dd>{says}</dd>
        </div>
      ))}
      <div>
        <dt>Last stop</dt>
        <dd>{stopped ? `${timeOf(stopped.at)}: ${by ? `${actorName(by)} pressed STOP` : stopReasons[stopped.reason]}` : "none seen"}</dd>
      </div>
    </dl>
  );
}

function Over({ why, again }: { why: NonNullable<View["why"]>; again: () => void }) {
  const { identity } = useWorld();
  const { title, says, remedy } = endingOf(why);
  return (
    <div className="note" data-tone="warn" role="alert">
      <strong>{title}</strong>
      <p>{says}</p>
      <div>
        {remedy === "robots" ? (
          <Link to={{ page: "fleet" }} kind="main">
            {remedyWords[remedy]}
          </Link>
        ) : (
          <Button kind="main" onClick={remedy === "sign-in" ? () => void identity.signIn(location.pathname) : again}>
            {remedyWords[remedy]}
          </Button>
        )}
      </div>
    </div>
  );
}
