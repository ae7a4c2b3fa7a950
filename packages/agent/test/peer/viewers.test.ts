import { ClientSessionId } from "@tether/protocol/id";
import { expect, test } from "vitest";
import { createViewers } from "../../src/peer/viewers.ts";

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

test("the work for viewers runs from the first connection to the end of the last, and again when one comes back", () => {
  const runs: string[] = [];
  const viewers = createViewers(() => {
    runs.push("begun");
    return () => runs.push("ended");
  });
  const [one, other] = [createConnection(), createConnection()];
  const leave = viewers.join(peer, one.pc);
  viewers.join(peer, other.pc);
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
  viewers.close();
  expect(runs).toEqual(["begun", "ended", "begun", "ended"]);
});
