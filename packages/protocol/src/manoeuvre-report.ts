import * as z from "zod/mini";
import { StageResult, StopReason } from "./control.ts";

/** Why a robot ended its drive where its agent could not say so itself: what its supervisor saw of the agent. */
const OfSupervisor = z.enum(["agent.hung", "agent.gone"]);

/** How the stages went that a robot declared for the end of valid control. `beganAt` is by the broker's clock, `latencyMs` until the robot stood. */
export const ManoeuvreReport = z.object({
  reason: z.union([StopReason, OfSupervisor]),
  beganAt: z.int().check(z.gte(0), z.lte(8.64e15)),
  latencyMs: z.number().check(z.gte(0), z.lte(1e9)),
  stages: z.array(StageResult).check(z.minLength(1), z.maxLength(3)),
});
export type ManoeuvreReport = z.infer<typeof ManoeuvreReport>;
