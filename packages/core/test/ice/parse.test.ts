import { expect, test } from "vitest";
import { parseIce } from "../../src/ice/index.ts";

const env = {
  fetch: async () => Response.json({ iceServers: [{ urls: "turn:c", username: "u", credential: "c" }] }),
  warn: () => undefined,
};
const urlsOf = async (text: string) => (await parseIce(text, env).servers("someone", 0)).flatMap(({ urls }) => urls);

test.each([
  ["", []],
  ["  ", []],
  ["stun:a, stuns:b:443,", ["stun:a", "stuns:b:443"]],
  ['[{"urls":"stun:a"},{"urls":["turn:b"],"username":"u","credential":"c"}]', ["stun:a", "turn:b"]],
  ["[]", []],
  ["{}", []],
  [
    '{"stun":["stun:a"],"coturn":{"urls":["turn:b","turns:b"],"secret":"s"},"cloudflare":{"keyId":"k","token":"t"}}',
    ["stun:a", "turn:b", "turns:b", "turn:c"],
  ],
])("the setting %j gives these servers", async (text, urls) => {
  expect(await urlsOf(text)).toEqual(urls);
});

test.each([
  ["hunter:2", "stun.0"],
  ["{hunter", "no JSON"],
  ['{"hunter":1}', "(whole)"],
  ['{"coturn":{"urls":["stun:hunter"],"secret":"hunter"}}', "coturn.urls.0"],
  ['{"coturn":{"urls":[],"secret":"hunter"}}', "coturn.urls"],
  ['{"coturn":{"urls":["turn:a"],"secret":""}}', "coturn.secret"],
  ['{"cloudflare":{"keyId":"hunter"}}', "cloudflare.token"],
  ['[{"username":"hunter"}]', "servers.0.urls"],
])("the setting %j is an error that names %s and no value", (text, named) => {
  const said = (() => {
    try {
      parseIce(text, env);
      return "nothing";
    } catch (error) {
      return String(error);
    }
  })();
  expect(said).toContain(named);
  expect(said).not.toContain("hunter");
});
