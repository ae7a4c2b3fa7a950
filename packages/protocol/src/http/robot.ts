import * as z from "zod/mini";
import { RobotId } from "../id.ts";
import { Role } from "../role.ts";
import { pageOf } from "./page.ts";

const RobotName = z.string().check(z.trim(), z.minLength(1), z.maxLength(80));

export const RobotCreate = z.object({ name: RobotName });
export type RobotCreate = z.infer<typeof RobotCreate>;

export const RobotRename = z.object({ name: RobotName });
export type RobotRename = z.infer<typeof RobotRename>;

export const Robot = z.object({
  id: RobotId,
  name: z.string(),
  createdAt: z.int(),
  /** The caller's role. */
  role: Role,
});
export type Robot = z.infer<typeof Robot>;

export const RobotPage = pageOf(Robot);
