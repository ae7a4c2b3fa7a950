import type { Identity } from "@tether/core/session";
import type { RawEnd } from "./raw-end.ts";
import type { KeyHolder, World } from "./world.ts";

/** The connection that holds an end's session, as the broker knows whoever sends on it. */
export async function identityOf(world: World, robot: KeyHolder, { session }: RawEnd): Promise<Identity> {
  const kind = session.startsWith("rse_") ? "robot" : "client";
  const { connection, principal, epoch } = JSON.parse(await world.item(robot, kind === "robot" ? "robot" : session));
  return { kind, robotId: robot.id, sessionId: session as Identity["sessionId"], epoch, principal, connection };
}
