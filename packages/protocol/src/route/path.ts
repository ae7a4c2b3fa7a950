import * as z from "zod/mini";
import { KeyId, RobotId, SessionId } from "../id.ts";

/** Parameters of paths. */
export const RobotPath = z.object({ robot: RobotId });
export const KeyPath = z.object({ robot: RobotId, kid: KeyId });
export const SessionPath = z.object({ robot: RobotId, session: SessionId });
