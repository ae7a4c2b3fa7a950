import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { cloudflareIce } from "../../src/ice/index.ts";

const { lifeMs, retryMs } = limits.ice;
const servers = (n: number) => [
  { urls: ["stun:stun.cloudflare.com:3478", "stun:stun.cloudflare.com:53"] },
  {
    urls: ["turn:turn.cloudflare.com:3478?transport=udp", "turn:turn.cloudflare.com:53?transport=udp"],
    username: `u${n}`,
    credential: "c",
  },
];

const stunOnly = [{ urls: ["stun:stun.cloudflare.com:3478"] }];

/** A Cloudflare that answers what it is told to, and says what it was asked. */
function createCloud() {
  const asked: { url: string; method?: string | undefined; headers: Headers; body: unknown }[] = [];
  const warned: string[] = [];
  let next: () => Response | Promise<Response> = () => Response.json({ iceServers: servers(asked.length) }, { status: 201 });
  const fetch: typeof globalThis.fetch = async (input, init) => {
    asked.push({ url: String(input), method: init?.method, headers: new Headers(init?.headers), body: JSON.parse(String(init?.body)) });
    return next();
  };
  const ice = cloudflareIce({ keyId: "key/1", token: "s3cret" }, { fetch, warn: (reason) => void warned.push(reason) });
  const user = async (now: number) => (await ice.servers("someone", now)).at(-1)?.username;
  const answer = (how: typeof next) => {
    next = how;
  };
  return { ice, user, asked, warned, answer };
}

test("credentials are asked for as Cloudflare documents it, and come without addresses that browsers cannot reach", async () => {
  const cloud = createCloud();
  expect(await cloud.ice.servers("someone", 0)).toEqual([
    { urls: ["stun:stun.cloudflare.com:3478"] },
    { urls: ["turn:turn.cloudflare.com:3478?transport=udp"], username: "u1", credential: "c" },
  ]);
  const [asked] = cloud.asked;
  expect(asked).toMatchObject({
    url: "https://rtc.live.cloudflare.com/v1/turn/keys/key%2F1/credentials/generate-ice-servers",
    method: "POST",
    body: { ttl: lifeMs / 1000 },
  });
  expect(asked?.headers.get("authorization")).toBe("Bearer s3cret");
});

test("they are asked for once until a third of their life is over, also by many at the same time [I2]", async () => {
  const cloud = createCloud();
  expect(await Promise.all([cloud.user(0), cloud.user(0), cloud.user(0)])).toEqual(["u1", "u1", "u1"]);
  expect([await cloud.user(lifeMs / 3 - 1), cloud.asked.length]).toEqual(["u1", 1]);
  expect([await cloud.user(lifeMs / 3), cloud.asked.length]).toEqual(["u2", 2]);
});

test.each([
  ["refuses", () => new Response("no", { status: 401 }), "status 401"],
  ["is out of reach", () => Promise.reject(new TypeError("fetch failed")), "TypeError"],
  ["answers nonsense", () => Response.json({ iceServers: "s3cret" }), "$ZodError"],
])("when the service %s there is STUN alone and a warning, and it is left alone for a while [I3]", async (_, how, reason) => {
  const cloud = createCloud();
  cloud.answer(how);
  expect([await cloud.ice.servers("someone", 0), cloud.warned]).toEqual([stunOnly, [reason]]);
  await cloud.ice.servers("someone", retryMs - 1);
  expect(cloud.asked).toHaveLength(1);
  cloud.answer(() => Response.json({ iceServers: servers(9) }));
  expect([await cloud.user(retryMs), cloud.warned.length]).toEqual(["u9", 1]);
});

test("while the service is down, credentials it gave are handed on until half of their life is over [I3]", async () => {
  const cloud = createCloud();
  await cloud.user(0);
  cloud.answer(() => new Response("", { status: 500 }));
  expect([await cloud.user(lifeMs / 2 - 1), cloud.warned]).toEqual(["u1", ["status 500"]]);
  expect(await cloud.ice.servers("someone", lifeMs / 2)).toEqual(stunOnly);
});
