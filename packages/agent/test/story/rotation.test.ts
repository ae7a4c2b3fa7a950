import { attach } from "@tether/sdk/client";
import { type KeyStore, type Keys, makeKeyPair, publicKeyOf, type RobotSession, rotate, serve } from "@tether/sdk/robot";
import { expect, onTestFinished, test } from "vitest";
import { operator } from "../../../local/test/world/world.ts";
import { createRig } from "../rig.ts";

const minute = 60_000;

/** Keys in memory, and how often another one became the current one. */
function createKeys(first: Keys["current"]) {
  let kept: Keys = { current: first };
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
  return { store, changes: () => changes };
}

/** A robot that is online with an operator, both counting what they hear. */
async function start(fetch?: (ask: typeof globalThis.fetch) => typeof globalThis.fetch) {
  const rig = await createRig();
  const { world, owner, origin } = rig;
  const platform = { ...rig.platform, fetch: fetch?.(world.fetch) ?? world.fetch };
  const robot = await owner.createRobot();
  const key = await makeKeyPair();
  await owner.call("POST", `/robots/${robot}/credentials`, { publicKey: publicKeyOf(key) });
  await owner.call("PUT", `/robots/${robot}/grants`, { to: `email:${operator}`, role: "operator" });
  const keys = createKeys(key);
  const robotEnd = listen(serve({ api: origin, robot, keys: keys.store, platform }));
  const token = async () => (await world.system.identity.tokensFor(operator)).idToken;
  const clientEnd = listen(attach({ api: origin, robot, token, platform: rig.platform }));
  await world.idle();

  let sent = 0;
  /** A signal each way, and a minute. */
  async function talk(minutes: number): Promise<void> {
    for (let passed = 0; passed < minutes; passed++) {
      sent += 1;
      robotEnd.signal(sent);
      clientEnd.signal(sent);
      await world.clock.advance(minute);
    }
  }

  function expectUnbroken(): void {
    const all = Array.from({ length: sent }, (_, index) => index + 1);
    for (const { got, states } of [robotEnd, clientEnd]) {
      expect(got).toEqual(all);
      expect(states).toEqual(["connecting", "online"]);
    }
    expect(clientEnd.lost).toEqual([]);
  }

  const rotateNow = (retireNow: boolean) => rotate({ ...platform, api: origin, robot, keys: keys.store, log: () => {} }, { retireNow });
  return { world, keys, talk, expectUnbroken, rotateNow, robotEnd };
}

function listen(session: RobotSession | ReturnType<typeof attach>) {
  const [got, states, lost]: [unknown[], string[], string[]] = [[], [], []];
  session.on("state", ({ status }) => void states.push(status));
  session.on("signal", ({ data }) => {
    if (data.kind === "app") got.push(data.body);
  });
  session.on("peer.away", ({ session: peer }) => void lost.push(peer));
  session.on("peer.ended", ({ session: peer }) => void lost.push(peer));
  onTestFinished(() => session.close());
  return {
    got,
    states,
    lost,
    session,
    signal(n: number) {
      for (const { session: peer } of session.peers) session.send(peer, { kind: "app", body: n });
    },
  };
}

test("20 rotations while signals flow, half of them without an overlap: no connection drops, no signal is lost [K1, K2]", async () => {
  const { world, keys, talk, expectUnbroken, rotateNow } = await start();
  for (let round = 0; round < 20; round++) {
    const rotating = rotateNow(round % 2 === 0);
    await talk(20);
    expect(await rotating).toMatchObject({ resumed: false });
  }
  expect(keys.changes()).toBe(20);
  expectUnbroken();
  expect(world.lines.filter(({ security }) => security !== undefined)).toEqual([]);
});

test("a key that is due is rotated unasked with the next tickets, and the session stands on the new one [K2, K8]", async () => {
  const dueAtOnce =
    (ask: typeof globalThis.fetch): typeof globalThis.fetch =>
    async (input, init) => {
      const answer = await ask(input, init);
      if (!String(input).endsWith("/tickets/robot")) return answer;
      const body = (await answer.json()) as { credential: object };
      return Response.json({ ...body, credential: { ...body.credential, rotateAfter: 0 } }, { status: answer.status });
    };
  const { world, keys, talk, expectUnbroken, robotEnd } = await start(dueAtOnce);
  await talk(6 * 60);
  expect(keys.changes()).toBeGreaterThanOrEqual(2);
  expectUnbroken();
  expect(world.lines.filter(({ security }) => security !== undefined)).toEqual([]);
  expect(robotEnd.session.epoch).toBeGreaterThan(2);
});
