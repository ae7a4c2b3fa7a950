import type { Cause } from "@tether/protocol/cause";
import { type Bye, bye } from "@tether/protocol/frame/bye";
import type { Welcome } from "@tether/protocol/frame/welcome";
import type { TicketAnswer } from "@tether/protocol/http";
import { ClientSessionId, RobotId, type SessionId } from "@tether/protocol/id";
import { limits } from "@tether/protocol/limits";

const ulid = "01J00000000000000000000000";
export const session: SessionId = ClientSessionId.parse(`cse_${ulid}`);
const robot = RobotId.parse(`rob_${ulid}`);

export function answer(n = 1, serverTime = 0): TicketAnswer {
  return {
    ticket: `secret-${n}`,
    expiresAt: serverTime + limits.ticket.lifeMs,
    url: "wss://broker.example/",
    session: { id: session, epoch: n, resumed: n > 1 },
    auth: { expiresAt: serverTime + limits.auth.leaseMs },
    iceServers: [],
    serverTime,
  };
}

export function welcome(part: { epoch?: number; at?: number; lifeMs?: number; leaseMs?: number } = {}): Welcome {
  const { epoch = 1, at = 0, lifeMs = limits.gateway.connectionLifeMs, leaseMs = limits.auth.leaseMs } = part;
  return {
    type: "welcome",
    session: { id: session, epoch, resumed: epoch > 1 },
    robot,
    serverTime: at,
    deadlines: { authExpiresAt: at + leaseMs, connectionEndsAt: at + lifeMs },
    peers: [],
    iceServers: [],
  };
}

export function byeOf(cause: Cause, afterMs = 0): Bye {
  return bye({ cause, actor: { type: "system" }, inferred: false }, afterMs);
}
