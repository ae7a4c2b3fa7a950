import type { Session } from "@tether/core/session";
import { roundOf, rounds, shardOf } from "@tether/core/store";
import { isHeld } from "@tether/core/sweep";
import { limits } from "@tether/protocol/limits";
import type { Clock } from "../clock/clock.ts";
import type { Sessions } from "./sessions.ts";

export type SweeperOptions = {
  readonly clock: Clock;
  readonly sessions: Sessions;
  readonly shards: number;
  readonly admits: () => boolean;
  readonly isConnected: (robot: number) => boolean;
};

export type SweeperCounts = {
  /** Deadlines that were done, and how late the latest was, in ms. */
  readonly done: number;
  readonly lateMs: number;
  /** Sessions whose grace was held while no tickets were given. */
  readonly held: number;
  readonly backlog: number;
  readonly checked: number;
  readonly foundGone: number;
  /** How long the longest run of the presence checks took. */
  readonly longestCheckMs: number;
};

/** The time that a lane takes for an item, reads, writes and posts together, and for a question of the gateway. */
const itemMs = 40;
const probeMs = 20;

/** The sweeper and the presence checks on their schedules: what is due by the domain's own reckoning, with the lanes and the time that a run has. */
export function startSweeper({ clock, sessions, shards, admits, isConnected }: SweeperOptions) {
  const groups = Math.ceil(shards / limits.sweep.groupShards);
  const counts = { done: 0, lateMs: 0, held: 0, backlog: 0, checked: 0, foundGone: 0, longestCheckMs: 0 };
  let refusedAt: number | undefined;
  let isStopped = false;

  function noteAdmission(): void {
    if (!admits()) refusedAt = clock.now();
  }

  function handle(robot: number, session: Session): void {
    const at = clock.now();
    const lateMs = at - session.dueAt;
    const events = ["lapsed", "graceOver", "expired", "warned"] as const;
    if (!events.some((type) => sessions.apply(robot, { type, at }))) return;
    counts.done++;
    // Graces that were held are due once tickets were given for as long as a grace.
    const heldUntil = session.state === "away" && refusedAt !== undefined && refusedAt >= session.since ? refusedAt + session.graceMs : 0;
    counts.lateMs = Math.max(counts.lateMs, Math.min(lateMs, at - heldUntil));
  }

  function sweep(group: number): void {
    const now = clock.now();
    const mine = (session: Session) => Number(shardOf(session.sessionId, shards)) % groups === group;
    const due = [...sessions.all()]
      .filter(([, session]) => session.dueAt <= now && mine(session))
      .sort(([, a], [, b]) => a.dueAt - b.dueAt);
    if (due.some(([, { state }]) => state === "away")) noteAdmission();
    const ready = due.filter(([, session]) => session.state !== "away" || !isHeld(session, refusedAt, now));
    counts.held += due.length - ready.length;
    for (const [index, [robot, session]] of ready.entries()) {
      const waitMs = (Math.floor(index / limits.sweep.atOnce) + 1) * itemMs;
      if (waitMs > limits.sweep.budgetMs) counts.backlog++;
      else clock.after(waitMs, () => handle(robot, session));
    }
  }

  function check(): void {
    const round = String(Math.floor(clock.now() / limits.presence.everyMs) % rounds);
    const mine = [...sessions.all()].filter(([, { sessionId }]) => roundOf(sessionId) === round);
    if (mine.some(([, { state }]) => state === "away")) noteAdmission();
    const online = mine.filter(([, { state }]) => state === "online");
    for (const [index, [robot, session]] of online.entries()) {
      const waitMs = (Math.floor(index / limits.presence.atOnce) + 1) * probeMs;
      counts.longestCheckMs = Math.max(counts.longestCheckMs, waitMs);
      clock.after(waitMs, () => {
        counts.checked++;
        const now = sessions.get(robot);
        if (isConnected(robot) || now?.state !== "online" || session.state !== "online") return;
        const ending = { cause: "connection.lost", actor: { type: "gateway" }, inferred: true } as const;
        if (sessions.apply(robot, { type: "disconnected", at: clock.now(), connectionId: session.connection.id, ending }))
          counts.foundGone++;
      });
    }
  }

  function every(ms: number, firstMs: number, run: () => void): void {
    clock.after(firstMs, () => {
      if (isStopped) return;
      run();
      every(ms, ms, run);
    });
  }

  // Schedules begin at different moments of the minute.
  for (let group = 0; group < groups; group++)
    every(limits.sweep.everyMs, ((group + 1) * limits.sweep.everyMs) / (groups + 1), () => sweep(group));
  every(limits.presence.everyMs, limits.presence.everyMs, check);

  return {
    counts: (): SweeperCounts => ({ ...counts }),
    stop() {
      isStopped = true;
    },
  };
}
