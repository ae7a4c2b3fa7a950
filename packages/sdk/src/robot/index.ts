import { type RobotId, RobotSessionId } from "@tether/protocol/id";
import type { Signer } from "../assertion/signer.ts";
import type { Log } from "../log.ts";
import { type Platform, platform } from "../platform.ts";
import { openSession } from "../session/open.ts";
import type { Session } from "../session/session.ts";
import { robotTickets } from "../ticket/robot.ts";

export type RobotSession = Session<RobotSessionId>;

export type ServeOptions = {
  /** The API's address, e.g. `https://api.example.org`. */
  readonly api: string;
  readonly robot: RobotId;
  readonly signer: Signer;
  /** What differs from Node's own clock, randomness, fetch and WebSocket. A socket that can ping notices a dead link sooner. */
  readonly platform?: Partial<Platform>;
  /** Ids and codes of what happens; nothing secret is among them. */
  readonly log?: Log;
};

/** Puts a robot online, and keeps it online until told otherwise. The broker knows which session goes on. */
export function serve(options: ServeOptions): RobotSession {
  const world = { ...platform, ...options.platform };
  const { api, robot, signer } = options;
  return openSession<RobotSessionId>({
    platform: world,
    log: options.log ?? (() => {}),
    tickets: robotTickets({ ...world, api, robot, signer }),
    idOf(id) {
      const parsed = RobotSessionId.safeParse(id);
      return parsed.success ? parsed.data : undefined;
    },
    resume: undefined,
    save: () => {},
  });
}

export { type PrivateKey, type Signer, signerFromJwk, thumbprint } from "../assertion/signer.ts";
export type { Platform } from "../platform.ts";
export type { Reason } from "../reason.ts";
export type { Session, SessionEvents, Status } from "../session/session.ts";
export type { SocketLike } from "../socket.ts";
