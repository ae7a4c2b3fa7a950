import { createPrivateKey, createPublicKey, sign } from "node:crypto";
import type { Line } from "@tether/aws/invocation";
import { thumbprint } from "@tether/core/credential";
import type { Random } from "@tether/core/id";
import { PublicKey, type TicketAnswer } from "@tether/protocol/http";
import type { RobotId } from "@tether/protocol/id";
import type { PrivateKey } from "@tether/sdk/robot";
import { trackedFetch } from "../../src/clock/fetch.ts";
import { createQuiet } from "../../src/clock/quiet.ts";
import { nextTurn, realClock } from "../../src/clock/real.ts";
import { createVirtualClock } from "../../src/clock/virtual.ts";
import { startSystem } from "../../src/system.ts";
import type { SystemOptions } from "../../src/system-options.ts";
import { anyBytes } from "./bytes.ts";
import { fetchInside } from "./inside-fetch.ts";
import { RawEnd } from "./raw-end.ts";
import type { Turns } from "./turns.ts";

export const noon = Date.UTC(2026, 5, 1, 12);

export type Reply<Body = unknown> = { status: number; body: Body; headers: Headers };

export type WorldOptions = Partial<
  Pick<
    SystemOptions,
    | "seed"
    | "ice"
    | "signIns"
    | "random"
    | "leaseMs"
    | "namespace"
    | "cors"
    | "ring"
    | "controlKeys"
    | "log"
    | "edgeKeys"
    | "cells"
    | "sweepsWhereDue"
  >
> & { turns?: Turns };

/** The keys of the identity provider are those of the file's first world: to make an RSA key takes as long as many a test. */
const identityKeys = (() => {
  let kept: unknown;
  return {
    load: async () => kept,
    async save(keys: unknown) {
      kept = keys;
    },
  };
})();

/** The whole system on a virtual clock, with ends that speak frames by hand. Whoever opens it stops `system`. */
export async function openWorld(options: WorldOptions = {}) {
  const { random = anyBytes, seed = 1, turns, ...settings } = options;
  const quiet = createQuiet({ clock: realClock, turn: nextTurn, limitMs: 300_000 });
  turns?.watch(quiet);
  const clock = createVirtualClock({ startAt: noon, idle: () => quiet.idle() });
  const lines: Line[] = [];
  const ring = [{ id: "test", secret: random.bytes(32) }] as const;
  const log = (line: Line) => void lines.push(line);
  const system = await startSystem({
    port: 0,
    clock,
    realClock,
    random,
    ring,
    log,
    quiet,
    seed,
    identityKeys,
    ...(turns && { turn: turns.turn }),
    ...settings,
  });
  /** Where things have their turn, nothing is to hang on how fast the kernel carries what goes from one end to another. */
  const dial = turns && system.dial;
  const asked = trackedFetch(quiet, dial ? fetchInside(dial) : globalThis.fetch);

  const tokens = { at: 0, of: new Map<string, string>() };

  /** The token of a user, who has one for each moment and life: to sign it takes as long as what is asked with it. */
  async function tokenOf(as: string, lifeMs: number | undefined): Promise<string> {
    if (tokens.at !== clock.now()) Object.assign(tokens, { at: clock.now(), of: new Map() });
    const name = `${as} ${lifeMs}`;
    const token = tokens.of.get(name) ?? (await system.identity.tokensFor(as, lifeMs === undefined ? {} : { lifeMs })).idToken;
    tokens.of.set(name, token);
    return token;
  }

  /** A request, in its turn where there are any; `by` is whoever makes it. */
  async function fetch(input: RequestInfo | URL, init?: RequestInit, by = String(input)): Promise<Response> {
    (await turns?.turn(by))?.();
    return asked(input, init);
  }

  async function call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    asked: { as?: string; lifeMs?: number; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Reply<Body>> {
    const token = asked.as === undefined ? undefined : await tokenOf(asked.as, asked.lifeMs);
    const headers = {
      ...(asked.body !== undefined && { "content-type": "application/json" }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...asked.headers,
    };
    const body = asked.body === undefined ? {} : { body: typeof asked.body === "string" ? asked.body : JSON.stringify(asked.body) };
    const response = await fetch(`${system.origin}${path}`, { method, headers, ...body }, `${method} ${path}`);
    const text = await response.text();
    return { status: response.status, body: (text === "" ? undefined : JSON.parse(text)) as Body, headers: response.headers };
  }

  /** A robot of the owner's with a registered key, and an operator and a viewer who may. */
  async function createRobot(name = "Rover") {
    const { body } = await call<{ id: RobotId }>("POST", "/v1/robots", { as: owner, body: { name } });
    const robot = createKeyHolder(body.id, system.origin, clock, random);
    await call("POST", `/v1/robots/${body.id}/credentials`, { as: owner, body: { publicKey: robot.publicKey } });
    await call("PUT", `/v1/robots/${body.id}/grants`, { as: owner, body: { to: `email:${operator}`, role: "operator" } });
    await call("PUT", `/v1/robots/${body.id}/grants`, { as: owner, body: { to: `email:${viewer}`, role: "viewer" } });
    return robot;
  }

  const ticketFor = {
    robot: (robot: KeyHolder, use?: "renew") =>
      call<TicketAnswer>("POST", "/v1/tickets/robot", { body: { assertion: robot.assertion(), ...(use && { use }) } }),
    client: (robot: KeyHolder, as: string, { lifeMs, ...more }: { session?: string; use?: "renew"; lifeMs?: number } = {}) =>
      call<TicketAnswer>("POST", "/v1/tickets/client", { as, ...(lifeMs !== undefined && { lifeMs }), body: { robot: robot.id, ...more } }),
  };

  /** Connects with a ticket, without hello. */
  async function connect(ticket: string): Promise<RawEnd> {
    const end = new RawEnd(quiet, system.brokerUrl, ticket, dial);
    await quiet.idle();
    return end;
  }

  /** Connects with a fresh ticket and says hello. */
  async function join(
    robot: KeyHolder,
    as?: string,
    more: { session?: string; lifeMs?: number; instance?: string; received?: object; before?: object; features?: readonly string[] } = {},
  ): Promise<RawEnd> {
    const { session, lifeMs, ...hello } = more;
    const wanted = { ...(session !== undefined && { session }), ...(lifeMs !== undefined && { lifeMs }) };
    const { body } = as === undefined ? await ticketFor.robot(robot) : await ticketFor.client(robot, as, wanted);
    const end = await connect(body.ticket);
    end.session = body.session.id;
    await say(end, { type: "hello", ...greeting, ...hello });
    return end;
  }

  /** Sends frames at once and waits until all that comes of them is over. */
  async function say(end: RawEnd, ...frames: (object | string)[]): Promise<void> {
    for (const frame of frames) end.send(frame);
    await quiet.idle();
  }

  async function timeline(
    robot: KeyHolder,
  ): Promise<{ type: string; cause?: string; inferred: boolean; actor: object; session?: string; says: string }[]> {
    const { body } = await call<{ items: never[] }>("GET", `/v1/robots/${robot.id}/timeline`, { as: owner });
    return body.items;
  }

  /** A live session's item as the table holds it, byte for byte. */
  async function item(robot: KeyHolder, slot: string): Promise<string> {
    const { data } = await system.store.entities.session.get({ robotId: robot.id, slot }).go({ consistent: true, data: "raw" });
    return canonical(data);
  }

  return {
    system,
    clock,
    quiet,
    lines,
    dial,
    fetch,
    call,
    createRobot,
    ticketFor,
    connect,
    join,
    say,
    timeline,
    item,
    idle: () => quiet.idle(),
  };
}

/** The engine gives an item's members in any order: sorted, equal items are equal text. */
function canonical(data: unknown): string {
  const { Item } = data as { Item?: object };
  const sorted = (_: string, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return JSON.stringify(Item, sorted);
}

export type World = Awaited<ReturnType<typeof openWorld>>;

export const [owner, operator, viewer, stranger, admin] = ["owner", "operator", "viewer", "stranger", "admin"].map(
  (name) => `${name}@tether.local`,
) as [string, string, string, string, string];

export const greeting = { protocol: 1, features: [], instance: "ins_aaaaaaaa", received: {} };

/** The bytes before the 32 of an Ed25519 private key in PKCS #8 (RFC 8410). */
const ed25519 = Buffer.from("302e020100300506032b657004220420", "hex");

export type KeyHolder = ReturnType<typeof createKeyHolder>;

/** A robot that signs its assertions by hand, so that a test can get each part wrong. */
export function createKeyHolder(id: RobotId, audience: string, clock: { now(): number }, random: Random = anyBytes) {
  const privateKey = createPrivateKey({ key: Buffer.concat([ed25519, random.bytes(32)]), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(privateKey);
  const jwk = PublicKey.parse(publicKey.export({ format: "jwk" }));
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return {
    id,
    publicKey: jwk,
    /** For an SDK's signer. */
    privateKey: { ...jwk, d: String(privateKey.export({ format: "jwk" }).d) } as PrivateKey,
    kid: thumbprint(jwk),
    assertion(claims: Record<string, unknown> = {}): string {
      const now = Math.floor(clock.now() / 1000);
      const jti = Buffer.from(random.bytes(12)).toString("hex");
      const input = `${part({ alg: "EdDSA", kid: thumbprint(jwk) })}.${part({ iss: id, sub: id, aud: audience, iat: now, exp: now + 60, jti, ...claims })}`;
      return `${input}.${sign(null, Buffer.from(input), privateKey).toString("base64url")}`;
    },
  };
}
