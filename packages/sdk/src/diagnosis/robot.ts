import type { CredentialPage, Robot } from "@tether/protocol/http";
import { limits } from "@tether/protocol/limits";
import { bad, type Finding, good } from "./finding.ts";

/** Whether the robot is online; if not, since when and why. */
export function presenceOf({ name, presence }: Pick<Robot, "name" | "presence">): Finding {
  const { state = "offline", since, ending } = presence ?? {};
  if (state === "online") return good(`${name} is online.`);
  if (since === undefined && state === "offline")
    return bad({
      code: "robot.never",
      says: `${name} has never been online.`,
      remedy: "Enroll it with a one-time code, and start its agent: tether-robot run",
    });
  const when = since === undefined ? "" : ` since ${new Date(since).toISOString().slice(0, 19)}Z`;
  const remedy = ending?.remedy ?? "Start the robot's agent, and run tether-robot status on the robot.";
  return bad({ code: ending?.cause ?? "peer.offline", says: `${name} is ${state}${when}.${ending ? ` ${ending.says}` : ""}`, remedy });
}

/** The robot's clock as it said it somewhere between two instants of this machine's. */
export type Asked = { readonly clock: number; readonly sentAt: number; readonly heardAt: number };

const toleratedMs = 60_000;

/** Whether the robot's clock is that of the service, of which this machine's clock is `aheadMs` ahead. */
export function robotClockOf(name: string, { clock, sentAt, heardAt }: Asked, aheadMs: number): Finding {
  const offMs = clock - ((sentAt + heardAt) / 2 - aheadMs);
  // The answer was made at some time in between.
  const doubtMs = (heardAt - sentAt) / 2;
  const says = new Date(clock).toISOString().slice(0, 19).replace("T", " ");
  if (Math.abs(offMs) <= toleratedMs + doubtMs) return good(`${name} has the right time: its clock says ${says} UTC.`);
  return bad({
    code: "robot.clock",
    says: `${name}'s clock says ${says} UTC, ${Math.round(Math.abs(offMs) / 1_000)} s ${offMs > 0 ? "ahead of" : "behind"} the service's.`,
    remedy: "It is online all the same. On the robot: sudo timedatectl set-ntp true, or tether-robot doctor.",
  });
}

type Key = Pick<CredentialPage["items"][number], "state" | "registeredAt" | "activatedAt">;

/** Whether the robot has a valid key within its dates. K8 */
export function keyOf(keys: readonly Key[], now: number): Finding {
  const remedy = "Make a one-time code, and enroll the robot with it.";
  if (keys.length === 0) return bad({ code: "key.none", says: "The robot has no key.", remedy });
  const key = keys.find(({ state }) => state === "active") ?? keys.find(({ state }) => state === "retiring" || state === "pending");
  if (!key) return bad({ code: "key.invalid", says: "None of the robot's keys is valid: all were retired or revoked.", remedy });
  const days = Math.max(0, Math.floor((now - (key.activatedAt ?? key.registeredAt)) / 86_400_000));
  const { rotateAfterMs, expiresMs } = limits.credential;
  const old = `The robot's key is ${days} ${days === 1 ? "day" : "days"} old`;
  if (days * 86_400_000 >= expiresMs)
    return bad({
      code: "key.expired",
      says: `${old}, past its date.`,
      remedy: "On the robot: tether-robot rotate. Its agent should do so by itself while it runs.",
    });
  return good(days * 86_400_000 >= rotateAfterMs ? `${old}; it is due to be rotated, which its agent does by itself.` : `${old}.`);
}
