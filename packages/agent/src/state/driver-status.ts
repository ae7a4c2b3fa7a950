import { join } from "node:path";
import type { Files } from "@tether/program/files";
import * as z from "zod/mini";
import { openStatusFile, readStatusFile, type StatusFile } from "./status-file.ts";

/** The state of the last run's driver, for `status`. `closed`: the run itself ended the driver. */
export const DriverStatus = z.object({
  state: z.enum(["starting", "ready", "hung", "ended", "closed"]),
  during: z.optional(z.string()),
  status: z.optional(z.int()),
  signal: z.optional(z.string()),
  cause: z.optional(z.string()),
});
export type DriverStatus = z.infer<typeof DriverStatus>;

const pathIn = (folder: string) => join(folder, "driver.json");

export function openDriverStatus(files: Files, folder: string): StatusFile<DriverStatus> {
  return openStatusFile(files, pathIn(folder));
}

export function readDriverStatus(files: Files, folder: string): Promise<DriverStatus | undefined> {
  return readStatusFile(files, pathIn(folder), DriverStatus);
}

export function describeDriver({ state, during, status, signal, cause }: DriverStatus): string {
  if (state === "hung") return `hung in ${during ?? "work"}`;
  if (state !== "ended") return state;
  return `ended with ${signal ?? status}${cause && cause !== "driver.ended" ? ` (${cause})` : ""}`;
}
