import { describe, expect, test } from "vitest";
import { openSocket } from "../../src/connection/socket.ts";
import type { Reason } from "../../src/reason.ts";
import { createTestPlatform } from "../platform.ts";

const untrusted = { code: "network.untrusted", says: "The certificate is of nobody.", remedy: "Trust it." };

/** A socket that is being opened, and the reasons that were told for its end. */
function opening() {
  const { platform, last } = createTestPlatform();
  const told: (Reason | undefined)[] = [];
  const listener = { opened() {}, closed: (why?: Reason) => void told.push(why), heard() {}, frame() {}, failed() {} };
  openSocket({ ...platform, log: () => {} }, { url: "wss://broker.example", ticket: "t" }, listener);
  return { told, socket: last(), fail: (event: unknown) => last().onerror?.(event) };
}

describe("a socket", () => {
  test("that does not open tells the reason that its error bears", () => {
    const { told, fail } = opening();
    fail({ error: Object.assign(new Error("no"), { reason: untrusted }) });
    expect(told).toEqual([untrusted]);
  });

  test.each([undefined, {}, { error: undefined }, { error: new Error("no") }, { error: { reason: { code: 1, says: "", remedy: "" } } }])(
    "that says %j of its failure tells no reason",
    (event) => {
      const { told, fail } = opening();
      fail(event);
      expect(told).toEqual([undefined]);
    },
  );

  test("that was open tells none: the reason of a request without an answer would be a false one", async () => {
    const { told, socket, fail } = opening();
    await socket.opens();
    fail({ error: Object.assign(new Error("reset"), { reason: untrusted }) });
    expect(told).toEqual([undefined]);
  });
});
