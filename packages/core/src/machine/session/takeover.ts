import type { InstanceId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";
import { actorOf, type Expired, type Online, type Session } from "../../live/session.ts";
import type { Ending } from "../../store/ending.ts";
import type { Principal } from "../../store/principal.ts";

const { contest } = limits.session;

/** The ending that a connection is told when another instance took its session. */
export function byNewer({ principal }: { principal: Principal }, { robotId }: Session): Ending {
  return { cause: "superseded", actor: actorOf({ principal, robotId }), inferred: false };
}

/** The take-overs that count towards a fight. */
export function recent(takeovers: readonly number[]): readonly number[] {
  const newest = takeovers.at(-1) ?? 0;
  return takeovers.filter((at) => at > newest - contest.withinMs);
}

/** The superseded instances, with the one that was just taken over: as many as can be in one fight, and some more. */
export function withSuperseded({ superseded = [], instance: former }: Online | Expired): readonly InstanceId[] {
  const others = superseded.filter((one) => one !== former);
  return [...others, former].slice(-2 * contest.takeovers);
}
