import { limits } from "@tether/protocol/limits";
import { atLeast, type Role, roles } from "@tether/protocol/role";
import { isHeldBy } from "../live/control-lease.ts";
import type { Live } from "../live/read.ts";
import type { Session } from "../live/session.ts";

/** A client's claim to a place at its robot, with all that ranks it. */
type Claim = {
  readonly session?: Session;
  readonly user: string;
  readonly role: Role;
  readonly holdsControl: boolean;
  /** Whether it has, or is about to have, a connection and a lease. */
  readonly isPresent: boolean;
  readonly startedAt: number;
};

const { clientsPerRobot, clientsPerUser, keptFor } = limits.session;

/** How many places there are for those who may do no more than this. */
const open: Readonly<Record<Role, number>> = {
  viewer: clientsPerRobot - keptFor.operators,
  operator: clientsPerRobot - keptFor.owners,
  owner: clientsPerRobot,
};

function claimsOf({ sessions, control }: Live): Claim[] {
  return sessions.flatMap((session) => {
    const { principal, state, startedAt } = session;
    if (principal.type !== "user") return [];
    const { id: user, role } = principal;
    const isPresent = state === "opening" || state === "online";
    return [{ session, user, role, holdsControl: isHeldBy(control, session), isPresent, startedAt }];
  });
}

/** Ranks claims: the holder of control first, then the higher role, then those present, then the earlier. */
function byClaim(a: Claim, b: Claim): number {
  return (
    Number(b.holdsControl) - Number(a.holdsControl) ||
    roles.indexOf(b.role) - roles.indexOf(a.role) ||
    Number(b.isPresent) - Number(a.isPresent) ||
    a.startedAt - b.startedAt ||
    ((a.session?.sessionId ?? "") < (b.session?.sessionId ?? "") ? -1 : 1)
  );
}

type Placing = { readonly placed: readonly Claim[]; readonly unplaced: readonly Claim[] };

/** Gives the places to claims in their order. The order is total, so that all who read the same give them alike. */
function place(claims: readonly Claim[]): Placing {
  const placed: Claim[] = [];
  const unplaced: Claim[] = [];
  for (const claim of claims.toSorted(byClaim)) {
    const ofUser = placed.filter(({ user }) => user === claim.user).length;
    const hasRoom = roles.every((role) => !atLeast(role, claim.role) || countUpTo(role, placed) < open[role]);
    (ofUser < clientsPerUser && hasRoom ? placed : unplaced).push(claim);
  }
  return { placed, unplaced };
}

function countUpTo(role: Role, claims: readonly Claim[]): number {
  return claims.filter((claim) => atLeast(role, claim.role)).length;
}

/** The client sessions for which the robot has no place. */
export function unplaced(live: Live): Session[] {
  return place(claimsOf(live)).unplaced.flatMap(({ session }) => session ?? []);
}

/** Why a user's next client would have no place, or nothing where it would. */
export function placeRefused(live: Live, { user, role }: Pick<Claim, "user" | "role">): "robot.full" | "user.full" | undefined {
  const newcomer: Claim = { user, role, holdsControl: false, isPresent: true, startedAt: Number.POSITIVE_INFINITY };
  const { placed, unplaced: without } = place([...claimsOf(live), newcomer]);
  if (!without.includes(newcomer)) return undefined;
  return placed.filter((claim) => claim.user === user).length >= clientsPerUser ? "user.full" : "robot.full";
}
