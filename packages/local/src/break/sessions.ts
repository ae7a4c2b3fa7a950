import { dueAt } from "@tether/core/machine/session/due";
import { next } from "@tether/core/machine/session/machine";
import type { Session } from "@tether/core/session";
import type { InstanceId, KeyId, RobotId, RobotSessionId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";

type Event = Parameters<typeof next>[1];

/** The sessions of a deployment in memory: each is moved by the domain's own machine, and by nothing else. */
export interface Sessions {
  get(robot: number): Session | undefined;
  all(): Iterable<[robot: number, session: Session]>;
  /** Lets something happen to a robot's session; answers whether that changed it. */
  apply(robot: number, event: Event): boolean;
  /** The session that a robot's next ticket is for: the one it has, or a new one. */
  forTicket(robot: number, at: number): { readonly session: Session; readonly resumed: boolean };
  /** How many were begun for a robot that had one before. */
  lost(): number;
}

const kid = "k".repeat(43) as KeyId;

export const principal = { type: "robot", kid } as const;

/** Crockford's digits, as ids have them. */
const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

function textOf(value: number): string {
  return Array.from({ length: 26 }, (_, place) => digits[Math.floor(value / 32 ** (25 - place)) % 32] ?? "0").join("");
}

export const robotOf = (robot: number) => `rob_${textOf(robot)}` as RobotId;

export function createSessions(): Sessions {
  const live = new Map<number, Session>();
  const had = new Set<number>();
  let [made, lost] = [0, 0];

  function begin(robot: number, at: number): Session {
    const sessionId = `rse_${textOf(made++)}` as RobotSessionId;
    const begun: Session = {
      robotId: robotOf(robot),
      sessionId,
      kind: "robot",
      state: "opening",
      version: 1,
      epoch: 0,
      ticketEpoch: 0,
      renewals: 0,
      warned: 0,
      verifiedAt: at,
      principal,
      authExpiresAt: at + limits.auth.leaseMs,
      graceMs: limits.session.robotGraceMs,
      startedAt: at,
      since: at,
      dueAt: at + limits.session.openingMs,
    };
    if (had.has(robot)) lost++;
    had.add(robot);
    live.set(robot, begun);
    return begun;
  }

  return {
    get: (robot) => live.get(robot),
    all: () => live,
    apply(robot, event) {
      const session = live.get(robot);
      const change = session && next(session, event);
      if (!session || !change || change === "ignored") return false;
      // As `apply` of the domain writes it: a patch has what its state asks for.
      const merged = { ...session, ...change.patch, version: session.version + 1 } as Session;
      if (merged.state === "ended") live.delete(robot);
      else live.set(robot, { ...merged, dueAt: dueAt(merged) });
      return true;
    },
    forTicket(robot, at) {
      const session = live.get(robot);
      return session ? { session, resumed: true } : { session: begin(robot, at), resumed: false };
    },
    lost: () => lost,
  };
}

export const instanceOf = (frame: { instance?: unknown }) => String(frame.instance) as InstanceId;
