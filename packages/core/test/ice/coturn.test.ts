import { createHmac } from "node:crypto";
import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { coturnIce } from "../../src/ice/index.ts";

test("a user name says when it is over and whose it is, and the password is a MAC over that [I2]", async () => {
  const now = Date.UTC(2026, 5, 1, 12);
  const [server, ...more] = await coturnIce({ urls: ["turn:turn.example.org"], secret: "s3cret" }).servers("robot-1", now);
  const username = `${(now + limits.ice.lifeMs) / 1000}:robot-1`;
  expect(server).toEqual({
    urls: ["turn:turn.example.org"],
    username,
    credential: createHmac("sha1", "s3cret").update(username).digest("base64"),
  });
  expect(more).toEqual([]);
});

test("principals, secrets and times give different credentials [I2]", async () => {
  const credentials = await Promise.all(
    [
      ["a", "x", 0],
      ["b", "x", 0],
      ["a", "y", 0],
      ["a", "x", 1_000],
    ].map(([id, secret, at]) => coturnIce({ urls: ["turn:t"], secret: String(secret) }).servers(String(id), Number(at))),
  );
  expect(new Set(credentials.map(([server]) => server?.credential)).size).toBe(4);
});
