import type { RobotId } from "@tether/protocol/id";
import { attach } from "@tether/sdk/client";
import { type SessionView, useSession } from "@tether/sdk/react";
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { useAwake } from "../awake/use-awake.ts";
import { tokenOf } from "../sign-in/token.ts";
import { useWorld } from "../world.ts";
import { type Cockpit, createCockpit, noView, type View } from "./cockpit.ts";
import { keepFor } from "./kept-session.ts";

const never = () => () => {};

export type Seat = {
  readonly cockpit: Cockpit | undefined;
  readonly view: View;
  readonly deadlines: SessionView<unknown>["deadlines"];
};

/**
 * A person's session with a robot, for as long as the page shows it. Its id is kept in this tab's storage, so that a reload goes on with it.
 * A duplicated tab has a copy of that: the newer page takes the session over, and the older is told so and does not fight. A new `round`
 * attaches anew.
 */
export function useCockpit(robot: RobotId, round: number): Seat {
  const { config, identity, platform } = useWorld();

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

  const [cockpit, setCockpit] = useState<Cockpit>();
  useEffect(() => {
    if (!session) return undefined;
    const made = createCockpit({ session, clock: platform.clock, connect: (configuration) => new RTCPeerConnection(configuration) });
    setCockpit(made);
    return () => {
      made.close();
      setCockpit(undefined);
    };
  }, [session, platform]);

  useAwake(session);

  const view = useSyncExternalStore(cockpit?.subscribe ?? never, () => cockpit?.view() ?? noView);
  return { cockpit, view, deadlines: held?.deadlines };
}
