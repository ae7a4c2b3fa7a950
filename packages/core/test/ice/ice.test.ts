import { createIce } from "@tether/aws/ice";
import type { Line } from "@tether/aws/invocation";
import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { createWorld, operator } from "../../../local/test/world/world.ts";
import { coturnIce, joined, staticIce } from "../../src/ice/index.ts";

test("ICE servers come with a ticket, with welcome and at ice-servers, each principal's own, and without a proof of who asks not at all [I1, I2]", async () => {
  const ice = joined([staticIce(["stun:stun.example.org"]), coturnIce({ urls: ["turn:turn.example.org"], secret: "s3cret" })]);
  const world = await createWorld({ ice });
  const robot = await world.createRobot();
  const sub = world.system.identity.users.find(({ email }) => email === operator)?.sub ?? "";
  const expiresAt = () => (world.clock.now() + limits.ice.lifeMs) / 1000;
  const expected = async (id: string) => {
    const servers = await ice.servers(id, world.clock.now());
    expect(servers).toEqual([
      { urls: ["stun:stun.example.org"] },
      { urls: ["turn:turn.example.org"], username: `${expiresAt()}:${id}`, credential: expect.any(String) },
    ]);
    return servers;
  };
  expect((await world.ticketFor.robot(robot)).body.iceServers).toEqual(await expected(robot.id));
  expect((await world.ticketFor.client(robot, operator)).body.iceServers).toEqual(await expected(sub));
  await world.clock.advance(1_000);
  const [robotEnd, client] = [await world.join(robot), await world.join(robot, operator)];
  expect(robotEnd.last("welcome")?.iceServers).toEqual(await expected(robot.id));
  expect(client.last("welcome")?.iceServers).toEqual(await expected(sub));
  const { body, headers } = await world.call("GET", "/v1/ice-servers", { as: operator });
  expect([body, headers.get("cache-control")]).toEqual([{ iceServers: await expected(sub), serverTime: world.clock.now() }, "no-store"]);
  const anonymous = await world.call("GET", "/v1/ice-servers");
  expect([anonymous.status, JSON.stringify(anonymous.body)]).toEqual([401, expect.not.stringContaining("turn:")]);
});

test("while Cloudflare is out of reach tickets are given, with STUN alone and one warning [I3]", async () => {
  const lines: Line[] = [];
  const setting = JSON.stringify({ stun: ["stun:stun.example.org"], cloudflare: { keyId: "key", token: "s3cret" } });
  const fetch = async () => Promise.reject(new TypeError("fetch failed"));
  const world = await createWorld({ ice: createIce(setting, { fetch, log: (line) => void lines.push(line) }) });
  const robot = await world.createRobot();
  for (const { status, body } of [await world.ticketFor.robot(robot), await world.ticketFor.client(robot, operator)]) {
    expect(status).toBe(201);
    expect(body.iceServers.flatMap(({ urls }) => urls)).toEqual(["stun:stun.example.org", "stun:stun.cloudflare.com:3478"]);
  }
  expect(lines).toEqual([{ level: "warn", event: "ice.unavailable", reason: "TypeError" }]);
});
