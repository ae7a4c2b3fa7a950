import type { RobotId } from "@tether/protocol/id";
import { attach } from "@tether/sdk/client";
import { useSession } from "@tether/sdk/react";
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { useAwake } from "../awake/use-awake.ts";
import { useServices } from "../services.ts";
import { tokenOf } from "../sign-in/token.ts";
import { type ConnectionStatus, connectionStatus } from "./connection-status.ts";
import { createRecorder, type Record, type Recorder } from "./recorder.ts";

export type Watched = {
  readonly record: Record;
  readonly recorder: Recorder;
  readonly connection: ConnectionStatus;
  readonly again: () => void;
};

/**
 * Watches a robot's signals for as long as the page shows them, by a session of its own that makes no peer connection and ends with the
 * page. `again` begins another; what was seen stays.
 */
export function useMonitor(robot: RobotId): Watched {
  const { config, identity, platform } = useServices();
  const [recorder] = useState(() => createRecorder(platform.clock));
  const [round, setRound] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round attaches anew.
  const open = useCallback(() => {
    const session = attach({
      api: config.api,
      robot,
      token: tokenOf(identity),
      platform,
      monitor: true,
    });
    const { on, monitor, wake } = session;
    return {
      on,
      monitor,
      wake,
      get status() {
        return session.status;
      },
      get peers() {
        return session.peers;
      },
      // A monitor's session is not resumed after a reload.
      close: () => void session.leave("the monitor was closed"),
    };
  }, [config, identity, platform, robot, round]);
  const held = useSession(open);
  const session = held?.session;

  useEffect(() => session && recorder.follow(session.monitor), [session, recorder]);

  useAwake(session);

  const record = useSyncExternalStore(recorder.subscribe, recorder.view);
  const connection = connectionStatus({ status: held?.status, why: held?.why, isOn: record.isOn });
  return { record, recorder, connection, again: useCallback(() => setRound((before) => before + 1), []) };
}
