import type { TicketAnswer } from "@tether/protocol/http";
import { limits } from "@tether/protocol/limits";
import type { Platform, SocketLike } from "@tether/sdk/robot";
import type { Clock } from "../clock/clock.ts";
import type { Random } from "../fault/random.ts";
import { createRate } from "../gateway/rate.ts";
import { instanceOf, principal, robotOf, type Sessions } from "./sessions.ts";

export type ServiceOptions = {
  readonly clock: Clock;
  readonly random: Random;
  readonly sessions: Sessions;
  readonly connectsPerSecond: number;
  /** `$disconnect`s that are worked off a second, and the share that never comes. */
  readonly disconnectsPerSecond: number;
  readonly lostDisconnects: number;
};

/** API and broker as a robot meets them: throttles, latencies and what becomes of its session. */
export interface Service {
  fetch(robot: number): Platform["fetch"];
  socket(robot: number): Platform["socket"];
  /** Cuts every connection at this instant; answers how many there were. */
  cut(): number;
  /** Refuses every ticket, as while the API fails. */
  shut(isShut: boolean): void;
  admits(): boolean;
  isConnected(robot: number): boolean;
  counts(): { readonly tickets: number; readonly refused: number; readonly connects: number; readonly connectsRefused: number };
}

/** A request, a handshake and an answer take so long, in ms: from half of it to one and a half. */
const latencyMs = 60;
const url = "wss://broker.example";

const json = (status: number, body: unknown) =>
  ({ ok: status < 300, status, headers: { get: () => null }, json: async () => body }) as unknown as Response;

type Open = { readonly id: string; readonly socket: SocketLike };

export function createService({ clock, random, sessions, ...options }: ServiceOptions): Service {
  const tickets = createRate({ clock, perSecond: Math.floor(options.connectsPerSecond * limits.admission.share) });
  const connects = createRate({ clock, perSecond: options.connectsPerSecond });
  const open = new Map<number, Open>();
  const counted = { tickets: 0, refused: 0, connects: 0, connectsRefused: 0 };
  let isShut = false;
  let made = 0;

  const later = (run: () => void) => void clock.after(latencyMs * (0.5 + random()), run);

  function answer(robot: number): Response {
    if (isShut || !tickets.take()) {
      counted.refused++;
      return json(isShut ? 503 : 429, { message: "Too Many Requests" });
    }
    counted.tickets++;
    const at = clock.now();
    const { session, resumed } = sessions.forTicket(robot, at);
    const body: TicketAnswer = {
      ticket: String(session.ticketEpoch + 1),
      expiresAt: at + limits.ticket.lifeMs,
      url,
      session: { id: session.sessionId, epoch: session.ticketEpoch + 1, resumed },
      auth: { expiresAt: at + limits.auth.leaseMs },
      iceServers: [],
      serverTime: at,
    };
    return json(201, body);
  }

  /** Says hello's answer, or nothing where the connection is not the session's. */
  function greet(robot: number, { id, socket }: Open, frame: { instance?: unknown }): void {
    const at = clock.now();
    if (!sessions.apply(robot, { type: "greeted", at, connectionId: id, instance: instanceOf(frame) as never })) return;
    const session = sessions.get(robot);
    if (!session) return;
    const welcome = {
      type: "welcome",
      session: { id: session.sessionId, epoch: session.epoch, resumed: session.epoch > 1 },
      robot: robotOf(robot),
      serverTime: at,
      deadlines: { authExpiresAt: session.authExpiresAt, connectionEndsAt: at + limits.gateway.connectionLifeMs },
      peers: [],
      iceServers: [],
    };
    later(() => socket.onmessage?.({ data: JSON.stringify(welcome) }));
  }

  function handshake(robot: number, epoch: number, opened: Open): void {
    const at = clock.now();
    const session = sessions.get(robot);
    const isAdmitted = connects.take();
    if (!isAdmitted) counted.connectsRefused++;
    if (!isAdmitted || session?.ticketEpoch !== epoch - 1) return void opened.socket.onclose?.({ code: 1006 });
    counted.connects++;
    const connection = { id: opened.id, since: at };
    sessions.apply(robot, { type: "redeemed", at, epoch, connection, principal, authExpiresAt: at + limits.auth.leaseMs });
    open.set(robot, opened);
    later(() => opened.socket.onopen?.(undefined));
  }

  function connect(robot: number, protocols: readonly string[]): SocketLike {
    const epoch = Number(protocols.find((name) => name.startsWith("ticket."))?.slice("ticket.".length));
    const socket: SocketLike = {
      onopen: null,
      onmessage: null,
      onclose: null,
      onerror: null,
      close() {
        if (open.get(robot)?.socket === socket) open.delete(robot);
      },
      send(text) {
        const frame = JSON.parse(text);
        const own = open.get(robot);
        if (frame.type === "hello" && own?.socket === socket) later(() => greet(robot, own, frame));
      },
    };
    later(() => handshake(robot, epoch, { id: String(made++), socket }));
    return socket;
  }

  return {
    fetch: (robot) => () => new Promise((resolve) => later(() => resolve(answer(robot)))),
    socket: (robot) => (_, protocols) => connect(robot, protocols),
    cut() {
      const all = [...open];
      open.clear();
      for (const [index, [robot, { id, socket }]] of all.entries()) {
        const ending = { cause: "connection.lost", actor: { type: "gateway" }, inferred: true } as const;
        const disconnected = () => void sessions.apply(robot, { type: "disconnected", at: clock.now(), connectionId: id, ending });
        if (random() >= options.lostDisconnects) clock.after((index / options.disconnectsPerSecond) * 1_000, disconnected);
        socket.onclose?.({ code: 1006 });
      }
      return all.length;
    },
    shut(shut) {
      isShut = shut;
    },
    admits: () => !isShut && tickets.has(),
    isConnected: (robot) => open.has(robot),
    counts: () => ({ ...counted }),
  };
}
