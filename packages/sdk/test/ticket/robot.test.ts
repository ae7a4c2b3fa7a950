import { InstanceId, RobotId } from "@tether/protocol/id";
import { describe, expect, test } from "vitest";
import { type PrivateKey, signerFromJwk } from "../../src/assertion/signer.ts";
import { robotTickets } from "../../src/ticket/robot.ts";
import { createKey } from "../assertion/key.ts";
import { answer } from "../connection/example.ts";
import { createTestPlatform } from "../platform.ts";
import { createService } from "../service.ts";

const robot = RobotId.parse("rob_01J00000000000000000000000");
const { signal } = new AbortController();

async function start(jwk: PrivateKey = createKey("ed25519").jwk) {
  const service = createService();
  const { platform, clock } = createTestPlatform();
  const signer = await signerFromJwk(jwk);
  const tickets = robotTickets({ ...platform, fetch: service.fetch, api: "https://api.example/base", robot, signer });
  const claims = () =>
    service.asked.map(({ body }) => JSON.parse(Buffer.from(String(body.assertion).split(".")[1] ?? "", "base64url").toString()));
  return {
    ...service,
    clock,
    claims,
    ask: () => tickets({ use: "connect", session: undefined, instance: InstanceId.parse("instance-7") }, signal),
  };
}

describe("a robot's tickets", () => {
  test("are asked for with an assertion that is new each time", async () => {
    const { gives, ask, asked, claims } = await start();
    gives(answer());
    gives(answer());
    expect(await ask()).toEqual({ answer: answer() });
    await ask();
    expect(asked[0]).toMatchObject({
      url: "https://api.example/v1/tickets/robot",
      authorization: undefined,
      body: { use: "connect", instance: "instance-7" },
    });
    expect(claims()).toMatchObject([{ aud: "https://api.example" }, {}]);
    expect(claims()[0].jti).not.toBe(claims()[1].jti);
  });

  test("are asked for once more by the server's clock when the robot's is off, and from then on by it [E6]", async () => {
    const { clock, refuses, gives, ask, claims } = await start();
    const serverTime = clock.now() + 3_600_000;
    refuses("assertion.clock", serverTime);
    gives(answer());
    gives(answer());
    expect(await ask()).toEqual({ answer: answer() });
    await ask();
    const local = Math.floor(clock.now() / 1000);
    expect(claims().map(({ iat }) => iat - local)).toEqual([0, 3_600, 3_600]);
  });

  test("are not asked for a third time when the clock is refused again [E3.1] [E6]", async () => {
    const { refuses, ask, asked } = await start();
    refuses("assertion.clock", 1);
    refuses("assertion.clock", 2);
    expect(await ask()).toMatchObject({ refusal: { retry: "never", reason: { code: "assertion.clock" } } });
    expect(asked).toHaveLength(2);
  });
});
