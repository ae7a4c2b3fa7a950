import { ClientSessionId } from "@tether/protocol/id";
import { expect, test } from "vitest";
import { createAudience } from "../../src/peer/audience.ts";

const peer = ClientSessionId.parse("cse_01J00000000000000000000000");

/** A peer connection as far as its state goes. */
function createConnection() {
  const target = Object.assign(new EventTarget(), { connectionState: "new" });
  const come = (state: string) => {
    target.connectionState = state;
    target.dispatchEvent(new Event("connectionstatechange"));
  };
  return { pc: target as unknown as RTCPeerConnection, come };
}

test("what is for those present runs from the first connection that is up to the last, and anew when one comes back", () => {
  const runs: string[] = [];
  const audience = createAudience(() => {
    runs.push("begun");
    return () => runs.push("ended");
  });
  const [one, other] = [createConnection(), createConnection()];
  const leave = audience.join(peer, one.pc);
  audience.join(peer, other.pc);
  one.come("connecting");
  expect(runs).toEqual([]);
  one.come("connected");
  other.come("connected");
  other.come("disconnected");
  expect(runs).toEqual(["begun"]);
  leave();
  expect(runs).toEqual(["begun", "ended"]);
  other.come("connected");
  one.come("connected");
  audience.close();
  expect(runs).toEqual(["begun", "ended", "begun", "ended"]);
});
