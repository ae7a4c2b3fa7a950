import { createSetup } from "@tether/local/setup";
import { startLocal } from "@tether/local/start";
import { attach } from "@tether/sdk/client";
import { makeKeyPair, publicKeyOf, serve, signerFromJwk } from "@tether/sdk/robot";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";

const today = { attach, serve };
type Sdk = typeof today;

let system: Awaited<ReturnType<typeof startLocal>>;
/** The SDK as it was packed of the sources of 0.1.0, in one file. */
let first: Sdk;

beforeAll(async () => {
  // A bundle has no declarations; it is the same SDK.
  first = (await import("../golden/sdk-0.1.0.mjs" as string)) as Sdk;
  system = await startLocal({ port: 0, log: () => {} });
});
afterAll(() => system.stop());

const ways = [
  { name: "a client of 0.1.0 and a robot of today", ends: () => ({ client: first, robot: today }) },
  { name: "a client of today and a robot of 0.1.0", ends: () => ({ client: today, robot: first }) },
  { name: "both of 0.1.0", ends: () => ({ client: first, robot: first }) },
];

test.each(ways)("$name meet over today's broker, signal both ways, go on after a cut, and leave", async ({ name, ends }) => {
  const { client, robot } = ends();
  const key = await makeKeyPair("ed25519");
  const setup = createSetup(system);
  const id = await setup.robot(name, publicKeyOf(key));
  const token = await setup.token("operator");
  const served = robot.serve({ api: system.origin, robot: id, signer: await signerFromJwk(key) });
  onTestFinished(() => served.close());
  served.on("signal", ({ from, data }) => data.kind === "app" && served.send(from, { kind: "app", body: { heard: data.body } }));
  let kept: string | undefined;
  const open = () =>
    client.attach({
      api: system.origin,
      robot: id,
      token: async () => token,
      resume: {
        load: () => kept,
        save(session) {
          kept = session;
        },
      },
    });
  const heard: unknown[] = [];
  async function ask(attached: ReturnType<typeof attach>, body: string) {
    attached.on("signal", ({ data }) => data.kind === "app" && heard.push(data.body));
    await expect.poll(() => attached.peers.length, { timeout: 60_000 }).toBe(1);
    for (const { session } of attached.peers) attached.send(session, { kind: "app", body });
    await expect.poll(() => heard.at(-1), { timeout: 60_000 }).toEqual({ heard: body });
  }

  const attached = open();
  await ask(attached, "hello");
  const session = attached.id;
  attached.close();
  const again = open();
  onTestFinished(() => again.close());
  await ask(again, "once more");
  expect(again.id).toBe(session);
  await again.leave();
  await served.leave();
  const told = (await setup.timeline(id)).map(({ type, cause }) => [type, cause]);
  expect(told).toContainEqual(["session.ended", "client.left"]);
  expect(told).toContainEqual(["session.ended", "robot.left"]);
});
