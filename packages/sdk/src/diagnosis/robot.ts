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
