import { createHmac } from "node:crypto";
import { platform } from "@tether/sdk/platform";
import { expect, test } from "vitest";
import { startTurnServer } from "../../../local/test/ice/turn-server.ts";
import { examineBy } from "../../src/doctor/examine/examine.ts";
import type { PeerCheck } from "../../src/doctor/examine/order.ts";

/** As coturn's `use-auth-secret` takes them. */
function credentials(secret: string) {
  const username = `${Math.floor(platform.clock.now() / 1000) + 600}:check`;
  return { username, credential: createHmac("sha1", secret).update(username).digest("base64") };
}

test("libdatachannel finds the servers that answer, and tells a refusal from one that is not there", async () => {
  const { url } = await startTurnServer("right");
  const examine = examineBy(platform);
  const check = (name: PeerCheck, urls: string[], more = {}) =>
    examine({ stack: "libdatachannel", check: name, iceServers: [{ urls, ...more }] });
  expect(await check("turn", [url], credentials("right"))).toMatchObject({ result: "good" });
  expect(await check("turn", [url], credentials("wrong"))).toMatchObject({ result: "bad", code: "turn.refused" });
  expect(await check("turn", ["turn:nowhere.invalid"], credentials("right"))).toMatchObject({ result: "bad", code: "turn.silent" });
  expect(await check("stun", [url.replace(/^turn:(.*)\?.*/, "stun:$1")])).toMatchObject({ result: "good" });
  expect(await check("stun", ["stun:nowhere.invalid"])).toMatchObject({ result: "bad", code: "stun.silent" });
});
