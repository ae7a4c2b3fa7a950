import type { RobotId, SessionId } from "@tether/protocol/id";
import { attach, type ClientSession } from "@tether/sdk/client";
import { type KeyStore, type Keys, makeKeyPair, publicKeyOf, type RobotSession, serve } from "@tether/sdk/robot";
import { trackedSocket } from "../../src/clock/socket.ts";
import { seededRandom } from "../../src/fault/random.ts";
import { operator, owner, type World } from "../world/open-world.ts";
import type { Trouble } from "./outages.ts";

/** An end with what it sent and heard. */
export type End<Session> = {
  readonly session: Session;
  readonly got: string[];
  /** States that it had but `connecting` and `online`, and departures of peers that nobody ordered. */
  readonly troubles: Trouble[];
  send(to: SessionId, text: string): void;
};

/** Keys in memory, and how often another one became the current one. */
async function createKeys() {
  let kept: Keys = { current: await makeKeyPair() };
  let changes = 0;
  const store: KeyStore = {
    load: async () => kept,
    async save(keys, from) {
      if (kept.current.d !== from.current.d || kept.next?.d !== from.next?.d) return "moved";
      if (keys.current.d !== kept.current.d) changes += 1;
      kept = keys;
      return "saved";
    },
  };
  return { store, first: kept.current, changes: () => changes };
}

function platformOf(world: World, seed: number, browser: boolean) {
  const draw = seededRandom(seed);
  return {
    clock: world.clock,
    random: { fraction: draw, bytes: (n: number) => Uint8Array.from({ length: n }, () => Math.floor(draw() * 256)) },
    fetch: (url: string, init: RequestInit) => world.fetch(url, init),
    socket(url: string, protocols: readonly string[]) {
      const socket = trackedSocket(world.quiet, url, [...protocols], world.system.dial);
      if (browser) Reflect.deleteProperty(socket, "ping");
      return socket;
    },
  };
}

function listen<Session extends RobotSession | ClientSession>(session: Session, at: () => number): End<Session> {
  const [got, troubles]: [string[], Trouble[]] = [[], []];
  const note = (what: string) => void troubles.push({ at: at(), what });
  session.on("state", ({ status, why }) => {
    if (!["connecting", "online", "leaving"].includes(status) && why?.code !== "client.left") note(`${status} ${why?.code ?? ""}`);
  });
  session.on("signal", ({ data }) => {
    if (data.kind === "app") got.push(String(data.body));
  });
  session.on("dropped", ({ data, why }) => note(`dropped ${data.length} (${why})`));
  session.on("peer.away", ({ cause }) => note(`peer away (${cause})`));
  session.on("peer.ended", ({ cause }) => {
    if (cause !== "client.left") note(`peer ended (${cause})`);
  });
  return { session, got, troubles, send: (to, text) => void session.send(to, { kind: "app", body: text }) };
}

/** A robot that rotates its key unasked, and an operator who comes every day. */
export async function createPair(world: World) {
  const { body } = await world.call<{ id: RobotId }>("POST", "/v1/robots", { as: owner, body: { name: "Rover" } });
  const robot = body.id;
  const keys = await createKeys();
  await world.call("POST", `/v1/robots/${robot}/credentials`, { as: owner, body: { publicKey: publicKeyOf(keys.first) } });
  await world.call("PUT", `/v1/robots/${robot}/grants`, { as: owner, body: { to: `email:${operator}`, role: "operator" } });
  const { origin } = world.system;
  const platform = platformOf(world, 1, false);
  const robotEnd = listen(serve({ api: origin, robot, keys: keys.store, platform }), world.clock.now);
  let visits = 0;
  return {
    robot,
    keys,
    platform,
    robotEnd,
    visit(): End<ClientSession> {
      visits += 1;
      const token = async () => (await world.system.identity.tokensFor(operator)).idToken;
      return listen(attach({ api: origin, robot, token, platform: platformOf(world, 1 + visits, true) }), world.clock.now);
    },
  };
}
