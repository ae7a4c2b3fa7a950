import { join } from "node:path";
import type { Files } from "@tether/program/files";
import { replace } from "@tether/program/replace";
import * as z from "zod/mini";

/** How the driver of the last run stands, for `status`. `closed`: the run ended it. */
export const DriverStatus = z.object({
  state: z.enum(["starting", "ready", "hung", "ended", "closed"]),
  during: z.optional(z.string()),
  status: z.optional(z.int()),
  signal: z.optional(z.string()),
  cause: z.optional(z.string()),
});
export type DriverStatus = z.infer<typeof DriverStatus>;

const pathIn = (folder: string) => join(folder, "driver.json");

/** Keeps it. What cannot be written is not. */
export function openStatus(files: Files, folder: string): { note(news: DriverStatus): void; settled(): Promise<void> } {
  let writing = Promise.resolve();
  return {
    note(news) {
      writing = writing.then(() => replace(files, pathIn(folder), `${JSON.stringify(news)}\n`)).catch(() => {});
    },
    settled: () => writing,
  };
}

export async function driverStatus(files: Files, folder: string): Promise<DriverStatus | undefined> {
  try {
    const found = await files.read(pathIn(folder));
    return found && DriverStatus.parse(JSON.parse(found.text));
  } catch {
    return undefined;
  }
}

export function inWords({ state, during, status, signal, cause }: DriverStatus): string {
  if (state === "hung") return `hung in ${during ?? "work"}`;
  if (state !== "ended") return state;
  return `ended with ${signal ?? status}${cause && cause !== "driver.ended" ? ` (${cause})` : ""}`;
}
