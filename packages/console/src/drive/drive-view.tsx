import type { Robot } from "@tether/protocol/http";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import { Badge } from "../component/badge.tsx";
import { Button } from "../component/button.tsx";
import { timeOf } from "../format/instant.ts";
import { useNow } from "../format/use-now.ts";
import { useServices } from "../services.ts";
import { Alarms } from "./alarm/alarms.tsx";
import { ControlPanel } from "./control-panel.tsx";
import { controlWords, stopReasons, tellsOfRole } from "./control-words.ts";
import { deadlinesOf } from "./deadline.ts";
import { endingOf, remedyWords } from "./ending.ts";
import { useGamepad } from "./input/use-gamepad.ts";
import { type LinkWords, linkWords, noPicture } from "./link-words.ts";
import { actorName } from "./people.ts";
import { PeoplePanel } from "./people-panel.tsx";
import { BlindTime } from "./picture/blind-time.tsx";
import { pressOf } from "./press.ts";
import { RecordingsPanel } from "./recordings-panel.tsx";
import { Screen } from "./screen.tsx";
import type { Snapshot } from "./snapshot.ts";
import { SoundPanel } from "./sound/sound-panel.tsx";
import { StatsPanel } from "./stats/stats-panel.tsx";
import { Steering } from "./steering.tsx";
import { StopDock } from "./stop-dock.tsx";
import { StopNote } from "./stop-note.tsx";
import { TelemetryPanel } from "./telemetry-panel.tsx";
import { type OpenDriveSession, useDriveSession } from "./use-drive-session.ts";

/** The robot's picture, control of it, and STOP; `elsewhere` is shown once the robot is no longer theirs to see. Viewers see the same, and cannot drive. */
export function DriveView({ robot, changed, elsewhere }: { robot: Robot; changed: () => void; elsewhere: ReactNode }) {
  const [round, setRound] = useState(0);
  const open = useDriveSession(robot.id, round);
  const { driveSession, snapshot } = open;
  const now = useServerNow(open);
  const link = linkWords(snapshot, now);
  const { canDrive } = controlWords(snapshot, robot.role, now);
  const stop = useCallback(() => driveSession?.stop(), [driveSession]);
  const plugged = useGamepad(stop);
  const isDemoted = snapshot.news !== undefined && tellsOfRole(snapshot.news);
  useEffect(() => {
    if (isDemoted) changed();
  }, [isDemoted, changed]);
  const isOver = snapshot.status === "stopped";
  return (
    <div className="drive" data-role={robot.role}>
      <Screen
        picture={snapshot.picture}
        cameras={snapshot.cameras}
        lookThrough={driveSession?.lookThrough}
        showOthers={driveSession?.showOthers}
        name={robot.name}
        waiting={noPicture(snapshot, now)}
        shown={driveSession?.shown}
        capturedAt={driveSession?.capturedAt}
        stop={stop}
      >
        {driveSession && snapshot.picture && <BlindTime driveSession={driveSession} />}
        <StopNote robot={robot} snapshot={snapshot} />
      </Screen>
      <div className="stack drive-side">
        {isOver && snapshot.why ? (
          <Over why={snapshot.why} again={() => setRound(round + 1)} elsewhere={elsewhere} />
        ) : (
          <>
            {/* Above all that grows: a joystick that moves under the hand would steer. */}
            {robot.role !== "viewer" && (
              <Steering
                command={driveSession?.command}
                press={driveSession?.press}
                declaration={snapshot.declaration}
                policy={snapshot.policy}
                canDrive={canDrive}
                holds={snapshot.mine}
                plugged={plugged}
                telemetry={driveSession?.telemetry}
              />
            )}
            <ControlPanel driveSession={driveSession} snapshot={snapshot} role={robot.role} now={now} />
            <SoundPanel driveSession={driveSession} snapshot={snapshot} mayTalk={robot.role === "viewer" ? undefined : snapshot.mine} />
            <LinkCard link={link} />
            <Alarms snapshot={snapshot} name={robot.name} />
          </>
        )}
      </div>
      <div className="drive-more">
        <PeoplePanel robot={robot.id} snapshot={snapshot} give={(to) => driveSession?.give(to)} />
        {driveSession && <StatsPanel pc={snapshot.pc} control={driveSession.control} />}
        {driveSession && snapshot.cameras.length > 0 && robot.role !== "viewer" && (
          <RecordingsPanel driveSession={driveSession} pc={snapshot.pc} />
        )}
        {driveSession && <TelemetryPanel driveSession={driveSession} fields={snapshot.declaration?.telemetry} />}
      </div>
      {!isOver && <Strip open={open} now={now} />}
      <StopDock attempt={snapshot.stop} stop={stop} holds={snapshot.mine} />
    </div>
  );
}

/** The connections of page and robot. The card's height is kept, so that an outage moves nothing. */
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
function useServerNow({ driveSession }: OpenDriveSession): number {
  const now = useNow();
  return driveSession?.now() ?? now;
}

/** The deadlines in one quiet line. */
function Strip({ open: { snapshot, deadlines }, now }: { open: OpenDriveSession; now: number }) {
  const { stopped } = snapshot;
  const by = stopped?.reason === "stop" ? pressOf(snapshot)?.by : undefined;
  return (
    <dl className="strip small number">
      {deadlinesOf(deadlines, snapshot, now).map(({ name, says, isDue }) => (
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

function Over({ why, again, elsewhere }: { why: NonNullable<Snapshot["why"]>; again: () => void; elsewhere: ReactNode }) {
  const { identity } = useServices();
  const { title, says, remedy } = endingOf(why);
  return (
    <div className="note" data-tone="warn" role="alert">
      <strong>{title}</strong>
      <p>{says}</p>
      <div>
        {remedy === "robots" ? (
          elsewhere
        ) : (
          <Button kind="main" onClick={remedy === "sign-in" ? () => void identity.signIn(location.pathname) : again}>
            {remedyWords[remedy]}
          </Button>
        )}
      </div>
    </div>
  );
}
