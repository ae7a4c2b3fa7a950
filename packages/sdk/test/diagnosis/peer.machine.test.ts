import { createHmac } from "node:crypto";
import { PeerConnection } from "@tether/local/simulated/webrtc";
import { loop, stun, turn } from "@tether/sdk/diagnosis/peer";
import { platform } from "@tether/sdk/platform";
import { expect, test } from "vitest";
import { startTurnServer } from "../../../local/test/ice/turn-server.ts";

const env = { clock: platform.clock, PeerConnection };

/** As coturn's `use-auth-secret` takes them. */
function credentials(secret: string) {
  const username = `${Math.floor(platform.clock.now() / 1000) + 600}:check`;
  return { username, credential: createHmac("sha1", secret).update(username).digest("base64") };
}

test("a relay that takes the credentials is ready, one that does not says so, and one that is not there does not answer", async () => {
  const { url } = await startTurnServer("right");
  expect(await turn(env, [{ urls: [url], ...credentials("right") }])).toEqual({ result: "good", says: "A relay is ready for you." });
  expect(await turn(env, [{ urls: [url], ...credentials("wrong") }])).toMatchObject({
    result: "bad",
    says: "The TURN server refused the credentials.",
  });
  expect(await turn(env, [{ urls: ["turn:127.0.0.1:9?transport=udp"], ...credentials("right") }])).toMatchObject({
    result: "bad",
    says: "No relay answered.",
  });
});

test("a STUN server that answers is told from one that is not there", async () => {
  const { url } = await startTurnServer("right");
  expect(await stun(env, [{ urls: [url.replace(/^turn:(.*)\?.*/, "stun:$1")] }])).toMatchObject({ result: "good" });
  expect(await stun(env, [{ urls: ["stun:127.0.0.1:9"] }])).toMatchObject({ result: "bad", says: "No STUN server answered." });
});

test("without servers nothing is asked, and two peers here hear each other", async () => {
  expect([(await stun(env, [])).result, (await turn(env, [{ urls: ["stun:127.0.0.1:9"] }])).result]).toEqual(["skipped", "skipped"]);
  expect(await loop(env)).toEqual({ result: "good", says: "Two peers here hear each other." });
});
