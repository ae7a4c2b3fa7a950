import { invoke } from "@tether/aws/invocation";
import { disconnect, inferEnding } from "@tether/core/session";
import type { Env } from "./env.ts";
import { type Answer, type ConnectionEvent, identityOf } from "./event.ts";

/** `$disconnect`: a hint. The event may come late, twice or never. A failure is thrown: the gateway's record of it is all there is. */
export function createDisconnect(env: Env) {
  return (event: ConnectionEvent): Promise<Answer> =>
    invoke(env, "disconnect", async (line) => {
      const identity = identityOf(event);
      const { robotId, sessionId, kind, epoch, connection } = identity;
      const { requestTimeEpoch, disconnectStatusCode: code, disconnectReason: reason } = event.requestContext;
      // The event may come late, so the connection's age is taken at its close.
      const ending = inferEnding(connection, { at: requestTimeEpoch ?? env.clock.now(), code, reason });
      Object.assign(line, { robotId, sessionId, kind, epoch, connectionId: connection.id, cause: ending.cause, ...ending.evidence });
      line.outcome = await disconnect(env, identity, ending);
      return { statusCode: 200 };
    });
}
