import { writeFileSync } from "node:fs";
import type { CrashNote } from "./spawn.ts";

/** Kills an agent that hangs. The note comes first: the next start of the agent may begin as soon as this one is dead, and reads it. */
export function killAgent(ifHung: CrashNote | undefined, kill: () => void): void {
  try {
    if (ifHung) writeFileSync(ifHung.path, ifHung.text, { mode: 0o600 });
  } catch {
    // Without the note, the next start reports that the agent was killed, which is true too.
  }
  kill();
}
