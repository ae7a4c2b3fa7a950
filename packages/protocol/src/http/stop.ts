import * as z from "zod/mini";
import { said } from "../stop.ts";

/** Stops the robot, as the frame of the same name does, from outside of any session. */
export const StopRequest = z.object({ ...said });
export type StopRequest = z.infer<typeof StopRequest>;
