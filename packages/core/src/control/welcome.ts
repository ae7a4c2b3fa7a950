import type { ControlWelcome, PendingRequest } from "@tether/protocol/control";
import { controlOf, isHeldBy, policyOf, requestsAt } from "../live/control-lease.ts";
import type { Live } from "../live/read.ts";
import type { Session } from "../live/session.ts";
import type { ControlKeys } from "./key-ring.ts";

/** The part of welcome about control. The keys are for the robot alone, which verifies permits. */
export function toWelcome(
  { controlKeys, at }: { controlKeys: ControlKeys; at: number },
  live: Live,
  session: Pick<Session, "kind" | "sessionId">,
): ControlWelcome {
  const keys = session.kind === "robot" && { keys: controlKeys.map(({ kid, publicKey: key }) => ({ kid, key })) };
  const requests = pendingRequests(live, session, at);
  return { control: controlOf(live.control), policy: policyOf(live.control), ...(requests.length > 0 && { requests }), ...keys };
}

/** The requests that the holder is still to answer. It may not know of them: its connection broke after it was asked. D8.4 */
function pendingRequests({ control, sessions }: Live, session: Pick<Session, "sessionId">, at: number): PendingRequest[] {
  if (control.state === "free" || !isHeldBy(control, session)) return [];
  return requestsAt(control, at).flatMap(({ sessionId, answerBy }) => {
    const asker = sessions.find((one) => one.sessionId === sessionId);
    if (at >= answerBy || asker?.principal.type !== "user") return [];
    const { id, name } = asker.principal;
    return [{ from: sessionId, user: { id, ...(name !== undefined && { name }) }, answerBy }];
  });
}
