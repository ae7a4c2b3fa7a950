import { invoke } from "@tether/aws/invocation";
import { disconnect, endingOf } from "@tether/core/session";
import type { Env } from "./env.ts";
import { type Answer, type ConnectionEvent, identityOf } from "./event.ts";

/** `$disconnect`: a hint. It may come late, twice or never. A failure is thrown: the gateway's record of it is all there is. */
export function createDisconnect(env: Env) {
  return (event: ConnectionEvent): Promise<Answer> =>
    invoke(env, "disconnect", async (line) => {
      const identity = identityOf(event);
      const { robotId, sessionId, kind, epoch, connection } = identity;
      const ending = endingOf(connection, { at: env.clock.now(), code: event.requestContext.disconnectStatusCode });
      Object.assign(line, { robotId, sessionId, kind, epoch, connectionId: connection.id, cause: ending.cause, ...ending.evidence });
      line.outcome = await disconnect(env, identity, ending);
      return { statusCode: 200 };
    });
}
