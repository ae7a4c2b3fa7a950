import { join } from "node:path";
import type { Files } from "@tether/program/files";
import { replace } from "@tether/program/replace";
import * as z from "zod/mini";
import type { Trouble } from "../exit.ts";

/** The process that runs the robot; `since` in ms since the Unix epoch, by this machine's clock. */
const Holder = z.object({ pid: z.int(), since: z.int() });
type Holder = z.infer<typeof Holder>;

/** Takes the lock that lets one process of this machine run the robot of a folder. Returns its release, or names the holder. */
export async function acquireRunLock(files: Files, folder: string, holder: Holder): Promise<(() => void) | Trouble> {
  const path = join(folder, "run.json");
  const release = takeOrDoWithout(files, join(folder, "run.lock"));
  if (release) {
    // The file is only for people to read: the robot runs on a full disk, too.
    await replace(files, path, `${JSON.stringify(holder)}\n`).catch(() => {});
    return release;
  }
  const other = await readHolder(files, path);
  const who = other ? `process ${other.pid}, since ${new Date(other.since).toISOString()}` : "by a process that left no note of itself";
  return {
    exit: "running",
    code: "run.held",
    says: `tether-robot run goes on here already (${who}).`,
    remedy: `See tether-robot status. To run it here instead, end that one first: ${other ? `kill ${other.pid} (with sudo where it is a service)` : "sudo systemctl stop tether-robot"}, or Ctrl-C where it was started.`,
  };
}

/** Whether a process of this machine runs the robot of a folder. */
export function isRunHeld(files: Files, folder: string): boolean {
  const release = takeOrDoWithout(files, join(folder, "run.lock"));
  release?.();
  return release === undefined;
}

/** A card that became read-only keeps no second agent out, but must not keep the robot from coming online. */
function takeOrDoWithout(files: Files, path: string): (() => void) | undefined {
  try {
    return files.take(path);
  } catch {
    return () => {};
  }
}

async function readHolder(files: Files, path: string): Promise<Holder | undefined> {
  try {
    const found = await files.read(path);
    return found && Holder.parse(JSON.parse(found.text));
  } catch {
    return undefined;
  }
}
