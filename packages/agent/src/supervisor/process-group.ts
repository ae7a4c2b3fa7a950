import { readFileSync } from "node:fs";

/** A process group by its leader: the leader's pid, and when that process began, in the system's own unit. */
export type ProcessGroup = { readonly id: number; readonly startedAt?: string | undefined };

/** The group that this process leads. Read it before the leader can have ended, which keeps its pid from being another's. */
export function processGroupOf(pid: number): ProcessGroup {
  return { id: pid, startedAt: startOf(pid) };
}

/** Undefined for a process that is gone, and on systems without /proc. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is a name in brackets, which may hold anything; the start is the 22nd (proc_pid_stat(5)).
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

/**
 * Signals every process of the group; 0 only asks whether there is one. Answers whether there was. A group may outlive its leader, and no
 * process gets its id as long as it does; a leader that began at another time means that the group is gone.
 */
export function signalGroup({ id, startedAt }: ProcessGroup, signal: "SIGTERM" | "SIGKILL" | 0): boolean {
  // 0 would be the caller's own group, and 1 everybody's.
  if (id <= 1) return false;
  const leader = startOf(id);
  if (leader !== undefined && startedAt !== undefined && leader !== startedAt) return false;
  try {
    return process.kill(process.platform === "win32" ? id : -id, signal);
  } catch {
    return false;
  }
}
