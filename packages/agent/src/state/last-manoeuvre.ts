import { join } from "node:path";
import type { Files } from "@tether/program/files";
import type { Clock } from "@tether/sdk/clock";
import type { RobotSession } from "@tether/sdk/robot";
import * as z from "zod/mini";
import type { ManoeuvreNote } from "../supervisor/note-manoeuvre.ts";

const Note = z.object({
  reason: z.enum(["agent.gone", "agent.hung"]),
  endedAt: z.number(),
  stages: z.array(
    z.object({ stage: z.enum(["slow", "stop", "safe"]), became: z.enum(["done", "late", "failed"]), tookMs: z.number().check(z.gte(0)) }),
  ),
});

export function manoeuvrePathIn(folder: string): string {
  return join(folder, "manoeuvre.json");
}

/** Reads and removes what the supervisor of the run before noted. Resolves with what reports it to a session, undefined if there is nothing. */
export async function takeLastManoeuvre(
  files: Files,
  folder: string,
  clock: Clock,
): Promise<((session: Pick<RobotSession, "reportManoeuvre">) => void) | undefined> {
  const path = manoeuvrePathIn(folder);
  try {
    const found = await files.read(path);
    if (!found) return undefined;
    await files.remove(path).catch(() => {});
    const { reason, stages, endedAt }: ManoeuvreNote = Note.parse(JSON.parse(found.text));
    const wholeMs = stages.reduce((sum, { tookMs }) => sum + tookMs, 0);
    const untilStop = stages.findIndex(({ stage }) => stage === "stop") + 1;
    const latencyMs = stages.slice(0, untilStop).reduce((sum, { tookMs }) => sum + tookMs, 0);
    return (session) => session.reportManoeuvre({ reason, latencyMs, stages: [...stages] }, Math.max(0, clock.now() - endedAt + wholeMs));
  } catch {
    return undefined;
  }
}
