import type { RobotId } from "@tether/protocol/id";
import { offer } from "@tether/protocol/subprotocol";
import { assertion } from "@tether/sdk/assertion/assertion";
import { makeKeyPair, publicKeyOf, signerFromJwk } from "@tether/sdk/robot";
import { trackedSocket } from "../clock/socket.ts";
import type { Counted, Lab } from "./lab.ts";

type Ticket = { ticket: string; session: { id: string } };
type End = { readonly session: string; say(...frames: object[]): Promise<void>; close(): Promise<void> };

const hello = { type: "hello", protocol: 1, features: [], instance: "ins_aaaaaaaa", received: {} };
/** Of real time, to tell requests at once from requests in a row. */
export const holdMs = 20;

/** As long as browsers make them. */
const sdp = "v=0\r\n".padEnd(1_200, "a=candidate ");
const candidate = {
  candidate: "candidate:1 1 udp 2122260223 192.168.1.7 51413 typ host",
  sdpMid: "0",
  sdpMLineIndex: 0,
};

const found = { kind: "candidates", candidates: [candidate, candidate, candidate] };

/** Counts each operation of DESIGN §9 once, on a robot of its own, with frames made by hand so that there is nothing else in it. */
export async function countOperations(lab: Lab): Promise<Record<string, Counted>> {
  const { system, clock, quiet, setup } = lab;
  const { fetch, random } = lab.platform(7);
  const key = await makeKeyPair();
  const signer = await signerFromJwk(key);
  const robot: RobotId = await setup.robot("Rover", publicKeyOf(key));
  const rows: Record<string, Counted> = {};

  async function counted<T>(name: string, work: () => Promise<T>): Promise<T> {
    const result: { value?: T } = {};
    rows[name] = await lab.count(async () => {
      result.value = await work();
    });
    return result.value as T;
  }

  async function post(path: string, body: object, token?: string): Promise<Ticket> {
    const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
    const response = await fetch(`${system.origin}/v1/tickets/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`POST /v1/tickets/${path} answered ${response.status}`);
    return response.json();
  }
  const claims = () => ({ robot, audience: system.origin, at: clock.now() });
  const robotTicket = async (more: object = {}) => post("robot", { assertion: await assertion({ signer, random }, claims()), ...more });
  const token = await setup.token("operator");
  const clientTicket = (more: object = {}) => post("client", { robot, ...more }, token);

  async function connect({ ticket, session }: Ticket): Promise<End> {
    const socket = trackedSocket(quiet, system.brokerUrl, offer(ticket));
    const say = async (...frames: object[]) => {
      for (const frame of frames) socket.send(JSON.stringify(frame));
      await quiet.idle();
    };
    const close = async () => {
      socket.close(1000);
      await quiet.idle();
    };
    await quiet.idle();
    return { session: session.id, say, close };
  }

  // The sweeper's first run of an instance looks at more than those after it.
  await clock.advance(60_000);
  // The first proof of a key in an hour is written down, so the second is the usual one.
  await robotTicket();
  const forRobot = await counted("robot ticket", () => robotTicket());
  const robotEnd = await counted("robot connect + hello", async () => {
    const end = await connect(forRobot);
    await end.say(hello);
    return end;
  });
  const forClient = await counted("client ticket", () => clientTicket());
  const client = await counted("client connect + hello", async () => {
    const end = await connect(forClient);
    await end.say(hello);
    return end;
  });
  const signal = (to: string, seq: number, data: object) => ({ type: "signal", to, stream: 1, seq, data });
  await counted("set-up of 8 signals", async () => {
    await client.say(signal(robotEnd.session, 1, { kind: "offer", sdp }));
    await robotEnd.say(signal(client.session, 1, { kind: "answer", sdp }));
    // Of its own addresses, then what STUN, then what TURN answered: as the SDK collects them.
    for (let seq = 2; seq <= 4; seq++) {
      await client.say(signal(robotEnd.session, seq, found));
      await robotEnd.say(signal(client.session, seq, found));
    }
  });
  await counted("signal", () => client.say(signal(robotEnd.session, 5, { kind: "candidate", ...candidate })));
  await counted("keepalive", () => robotEnd.say({ type: "ping" }));
  await clock.advance(1_000);
  const renewal = await counted("robot renew ticket", () => robotTicket({ use: "renew" }));
  await counted("renew", () => robotEnd.say({ type: "auth.renew", ticket: renewal.ticket }));
  await counted("disconnect", () => client.close());
  await counted("sweep tick, nothing due", () => clock.advance(60_000));
  await robotEnd.close();
  return rows;
}
