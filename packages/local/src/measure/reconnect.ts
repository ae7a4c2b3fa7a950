import type { Random } from "@tether/core/id";
import { createSocket } from "@tether/program/socket";
import type { RobotId } from "@tether/protocol/id";
import { offer } from "@tether/protocol/subprotocol";
import { makeKeyPair, publicKeyOf, serve, signerFromJwk } from "@tether/sdk/robot";
import { robotTickets } from "@tether/sdk/ticket/robot";
import { WebSocket } from "ws";
import { createQuiet } from "../clock/quiet.ts";
import { nextTurn, realClock } from "../clock/real.ts";
import { createSetup } from "../setup.ts";
import { type System, startSystem } from "../system.ts";

type Env = {
  readonly random: Random;
  /** In ms, with fractions. */
  readonly now: () => number;
};

/** The times of a round from the cut to its end, in ms. */
export type Round = {
  /** The SDK's robot is online again: it asked for a ticket, opened a socket, said hello and was welcomed. Its random wait is none. */
  readonly sdk: number;
  /** A socket of `ws` is open again, with a ticket that was at hand. */
  readonly bare: number;
};

/**
 * Cuts the socket of a robot and a bare one in turn, at the same gateway, so that both share the machine's moods. A robot may buy 60
 * tickets in a row, and one more each second.
 */
export async function timeReconnects(env: Env, { rounds = 40, unheeded = 10 } = {}): Promise<Round[]> {
  const quiet = createQuiet({ clock: realClock, turn: nextTurn });
  const { random } = env;
  const ring = [{ id: "bench", secret: random.bytes(32) }] as const;
  const system = await startSystem({ port: 0, clock: realClock, realClock, random, ring, log: () => {}, quiet, permanent: [] });
  try {
    const [sdk, bare] = [await robotOf(env, system), await bareOf(env, system)];
    const timed: Round[] = [];
    for (let round = 0; round < unheeded + rounds; round++) {
      timed.push({ sdk: await sdk.reconnect(), bare: await bare.reconnect() });
      await quiet.idle();
    }
    sdk.close();
    bare.close();
    return timed.slice(unheeded);
  } finally {
    await system.stop();
  }
}

type End = { reconnect(): Promise<number>; close(): void };

async function register({ random }: Env, system: System, name: string) {
  const key = await makeKeyPair();
  const robot = await createSetup(system).robot(name, publicKeyOf(key));
  // No chance: what is measured is work, not the wait that spreads a herd.
  const drawn = { fraction: () => 0, bytes: (length: number) => random.bytes(length) as Uint8Array<ArrayBuffer> };
  const platform = {
    clock: realClock,
    random: drawn,
    fetch: (url: string, init: RequestInit) => fetch(url, init),
    socket: createSocket({}),
  };
  return { robot, signer: await signerFromJwk(key), platform };
}

function cut({ gateway }: System, robot: RobotId): void {
  const held = gateway.connections.list().filter(({ authorizer }) => String(authorizer.claims).includes(robot));
  for (const { connectionId } of held) gateway.connections.cut(connectionId);
}

async function robotOf(env: Env, system: System): Promise<End> {
  const { robot, signer, platform } = await register(env, system, "Rover");
  const session = serve({ api: system.origin, robot, signer, platform });
  const online = () =>
    new Promise<void>((resolve) => {
      const off = session.on("state", ({ status }) => {
        if (status !== "online") return;
        off();
        resolve();
      });
    });
  await online();
  return {
    async reconnect() {
      const back = online();
      const cutAt = env.now();
      cut(system, robot);
      await back;
      return env.now() - cutAt;
    },
    close: () => session.close(),
  };
}

async function bareOf(env: Env, system: System): Promise<End> {
  const { robot, signer, platform } = await register(env, system, "Bare");
  const tickets = robotTickets({ ...platform, api: system.origin, robot, signer });

  async function ticket(): Promise<string> {
    const ticketed = await tickets({ use: "connect", session: undefined }, new AbortController().signal);
    if ("refusal" in ticketed) throw new Error(ticketed.refusal.reason.says);
    return ticketed.answer.ticket;
  }

  const open = (ticket: string) =>
    new Promise<WebSocket>((resolve, reject) => {
      const ws = new WebSocket(system.brokerUrl, offer(ticket));
      ws.once("open", () => resolve(ws));
      ws.once("error", reject);
    });

  /** Without it the session would end with the socket, and the next ticket with the session. */
  const greet = (ws: WebSocket) =>
    new Promise((resolve) => {
      ws.once("message", resolve);
      ws.send(JSON.stringify({ type: "hello", protocol: 1, features: [], instance: "ins_aaaaaaaa", received: {} }));
    });

  let current = await open(await ticket());
  await greet(current);
  return {
    async reconnect() {
      const next = await ticket();
      const closed = new Promise((resolve) => current.once("close", resolve));
      const cutAt = env.now();
      cut(system, robot);
      await closed;
      current = await open(next);
      const ms = env.now() - cutAt;
      await greet(current);
      return ms;
    },
    close: () => current.close(),
  };
}
