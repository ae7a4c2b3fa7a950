import { monitorFeature } from "@tether/protocol/frame/monitor";
import { ClientSessionId, type RobotId } from "@tether/protocol/id";
import { createDrive } from "../control/drive/drive.ts";
import type { Drive } from "../control/drive/interface.ts";
import type { Log } from "../log.ts";
import { createMonitor, type Monitor } from "../monitor/monitor.ts";
import { type Platform, worldOf } from "../platform.ts";
import { openSession } from "../session/open.ts";
import type { Session } from "../session/session.ts";
import { clientTickets, type TokenCallback } from "../ticket/client.ts";

export type ClientSession = Session<ClientSessionId> & { readonly control: Drive; readonly monitor: Monitor };

export type AttachOptions = {
  /** The API's address, e.g. `https://api.example.org`. */
  readonly api: string;
  readonly robot: RobotId;
  readonly token: TokenCallback;
  /** Where the session's id is kept over a reload of the page, e.g. in sessionStorage. */
  readonly resume?: { load(): string | undefined; save(id: string | undefined): void };
  /** Asks to be told of the frames that are sent at the robot, as its owners may be. */
  readonly monitor?: boolean;
  /** What differs from the browser's or Node's own clock, randomness, fetch and WebSocket. */
  readonly platform?: Partial<Platform>;
  /** Ids and codes of what happens; nothing secret is among them. */
  readonly log?: Log;
};

/** Attaches a user's client to a robot, and stays attached until told otherwise. */
export function attach(options: AttachOptions): ClientSession {
  const world = worldOf(options.platform);
  const { api, robot, token, resume, monitor = false, log = () => {} } = options;
  const { session, broker } = openSession<ClientSessionId>({
    platform: world,
    log,
    tickets: clientTickets({ fetch: world.fetch, api, robot, token }),
    idOf,
    resume: idOf(resume?.load()),
    save: (id) => resume?.save(id),
    features: monitor ? [monitorFeature] : [],
  });
  const control = createDrive({ broker, clock: world.steady, random: world.random, log });
  return Object.assign(session, { control, monitor: createMonitor(broker) });
}

function idOf(id: string | undefined): ClientSessionId | undefined {
  const parsed = ClientSessionId.safeParse(id);
  return parsed.success ? parsed.data : undefined;
}

export { type Block, blocks } from "../control/drive/block.ts";
export type { Ways } from "../control/drive/drive-link.ts";
export type { DriveEvents, StopInForce } from "../control/drive/events.ts";
export type { Drive } from "../control/drive/interface.ts";
export type { Looking, Seen } from "../control/drive/pictures.ts";
export type { Monitor, MonitorEvents } from "../monitor/monitor.ts";
export type { Platform } from "../platform.ts";
export type { Reason } from "../reason.ts";
export type { Session, SessionEvents, Status } from "../session/session.ts";
export type { SocketLike } from "../socket.ts";
export type { TokenCallback } from "../ticket/client.ts";
