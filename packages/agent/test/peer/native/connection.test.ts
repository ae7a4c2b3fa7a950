import { expect, test } from "vitest";
import { NativeConnection } from "../../../src/peer/native/connection.ts";

/** A connection, and what it tells the media process. */
function connection() {
  const told: string[] = [];
  const made = new NativeConnection({
    step: () => void told.push("step"),
    send: () => void told.push("send"),
    close: (channel) => void told.push(channel === undefined ? "close" : `close ${channel}`),
  });
  return { made, told };
}

test("a peer connection that the media process gave up has failed, and what was asked of it is refused", async () => {
  const { made, told } = connection();
  const asked = made.createOffer();
  made.heard({ news: "failed", says: "TypeError" });
  await expect(asked).rejects.toThrow("closed");
  expect([made.connectionState, told]).toEqual(["failed", ["step"]]);
});

test.each(["closed", "failed"] as const)("a peer connection that is %s is closed in the media process as well, once", async (state) => {
  const { made, told } = connection();
  made.heard({ news: "channel", channel: 1, label: "control" });
  made.heard({ news: "state", state: "disconnected" });
  made.heard({ news: "state", state });
  expect([made.isLiving, told]).toEqual([false, []]);
  await expect(made.createOffer()).rejects.toThrow("closed");
  made.close();
  made.close();
  expect([made.connectionState, told]).toEqual(["closed", ["close"]]);
});
