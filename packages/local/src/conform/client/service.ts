import type { ToBroker } from "@tether/protocol/frame";
import type { ProblemCode } from "@tether/protocol/problem";
import type { Clock } from "../../clock/clock.ts";
import type { Connection } from "../connection.ts";
import { type Answer, type Request, robot, startServer, unchanged } from "../server.ts";

/** The token that the client is given. Whoever reads it finds no claims in it: a client has no need to. */
export const token = "conform-token";

type Options = { readonly clock: Clock; readonly heard: (connection: Connection, frame: ToBroker) => void };

/** An API and a broker that let a client in, and do with its frames what the trial tells them. */
export async function startClientService({ clock, heard }: Options) {
  const state = { epoch: 0, sessions: 0, ...unchanged };
  const sessionId = () => `cse_01J000000000000000000000${String(state.sessions).padStart(2, "0")}`;
  const server = await startServer({ clock, state, handle, heard });
  const { origin, asked, connections, now, issue, stop } = server;

  function handle({ path, body, token: by }: Request, answer: Answer): ProblemCode | undefined {
    if (path !== "/v1/tickets/client") return "route.unknown";
    if (by === undefined) return "auth.missing";
    if (by !== token) return "auth.invalid";
    if (body.robot !== robot) return "robot.unknown";
    const resumed = state.sessions > 0 && body.session === sessionId();
    if (body.session !== undefined && !resumed) return "session.unknown";
    if (!resumed) {
      state.sessions += 1;
      state.epoch = 0;
    }
    const use = String(body.use ?? "connect");
    const epoch = state.epoch + (use === "renew" ? 0 : 1);
    return answer({ ...issue(use), session: { id: sessionId(), epoch, resumed } });
  }

  return { origin, asked, connections, state, now, sessionId, stop };
}
