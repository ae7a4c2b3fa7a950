import type { RobotId } from "@tether/protocol/id";
import { attach } from "@tether/sdk/client";
import { type SessionView, useSession } from "@tether/sdk/react";
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { useAwake } from "../awake/use-awake.ts";
import { useServices } from "../services.ts";
import { tokenOf } from "../sign-in/token.ts";
import { createDriveSession, type DriveSession } from "./drive-session.ts";
import { keepFor } from "./kept-session.ts";
import { initialSnapshot, type Snapshot } from "./snapshot.ts";

const never = () => () => {};

export type OpenDriveSession = {
  readonly driveSession: DriveSession | undefined;
  readonly snapshot: Snapshot;
  readonly deadlines: SessionView<unknown>["deadlines"];
};

/**
 * A person's session with a robot, for as long as the page shows it. Its id is kept in this tab's storage, so that a reload goes on with it.
 * A duplicated tab has a copy of that: the newer page takes the session over, and the older is told so and does not fight. A new `round`
 * attaches anew.
 */
export function useDriveSession(robot: RobotId, round: number): OpenDriveSession {
  const { config, identity, platform } = useServices();

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round attaches anew.
  const open = useCallback(
    () =>
      attach({
        api: config.api,
        robot,
        token: tokenOf(identity),
        resume: keepFor(robot),
        platform,
      }),
    [config, identity, platform, robot, round],
  );
  const held = useSession(open);
  const session = held?.session;

  const [driveSession, setDriveSession] = useState<DriveSession>();
  useEffect(() => {
    if (!session) return undefined;
    const made = createDriveSession({ session, clock: platform.clock, connect: (configuration) => new RTCPeerConnection(configuration) });
    setDriveSession(made);
    return () => {
      made.close();
      setDriveSession(undefined);
    };
  }, [session, platform]);

  useAwake(session);

  const snapshot = useSyncExternalStore(driveSession?.subscribe ?? never, () => driveSession?.snapshot() ?? initialSnapshot);
  return { driveSession, snapshot, deadlines: held?.deadlines };
}
