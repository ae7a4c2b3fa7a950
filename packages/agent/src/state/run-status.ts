import { join } from "node:path";
import type { Files } from "@tether/program/files";
import * as z from "zod/mini";
import { openStatusFile, readStatusFile, type StatusFile } from "./status-file.ts";

/** The last state that `run` reported, for `status`. `at` is by this robot's clock, the key's dates by the server's, in ms. */
export const RunStatus = z.object({
  at: z.int(),
  status: z.string(),
  session: z.optional(z.string()),
  why: z.optional(z.object({ code: z.string(), says: z.string(), remedy: z.string() })),
  key: z.optional(z.object({ kid: z.string(), rotateAfter: z.int(), expiresAt: z.int() })),
});
export type RunStatus = z.infer<typeof RunStatus>;

const pathIn = (folder: string) => join(folder, "last-known.json");

export function openRunStatus(files: Files, folder: string): StatusFile<RunStatus> {
  return openStatusFile(files, pathIn(folder));
}

export function readRunStatus(files: Files, folder: string): Promise<RunStatus | undefined> {
  return readStatusFile(files, pathIn(folder), RunStatus);
}
