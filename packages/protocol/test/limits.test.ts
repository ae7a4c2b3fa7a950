import { AuthRenew } from "@tether/protocol/frame/auth";
import { Signal, SignalRelayed } from "@tether/protocol/frame/signal";
import { RobotTicketRequest } from "@tether/protocol/http";
import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";

const { gateway, session, signal, auth, keepalive } = limits;

test("a keepalive at its latest comes well before the gateway's idle time-out, and so does the next if one is lost", () => {
  expect(2 * keepalive.everyMs * (1 + keepalive.jitter)).toBeLessThan(gateway.idleMs);
  const { everyMs, jitter } = keepalive.pinging;
  expect(everyMs * (1 + jitter) + 60_000).toBeLessThan(gateway.idleMs);
});

test("the last moment of a rollover leaves time for a hello before the gateway cuts", () => {
  const [earliest, latest] = session.rolloverMs;
  expect(earliest).toBeLessThan(latest);
  expect(latest + session.openingMs).toBeLessThan(gateway.connectionLifeMs);
});

test("a lease is renewed before anyone is warned, and warned of ever closer to its end", () => {
  const [first, last] = auth.warnMs;
  expect(auth.leaseMs * auth.renewAt).toBeLessThan(auth.leaseMs - first);
  expect(first).toBeGreaterThan(last);
});

test("a hand-over is over before the successor could lapse, and a connection lapses before its session's grace is over", () => {
  expect(session.handoverMs).toBeLessThan(session.openingMs);
  expect(session.openingMs).toBeLessThan(Math.min(session.clientGraceMs, session.robotGraceMs));
});

test("a receiver acknowledges long before its sender runs out of room", () => {
  expect(signal.ackEvery * 4).toBeLessThanOrEqual(signal.unacked);
});

test("the largest signal fits a frame with the longest envelope, both ways [S11]", () => {
  const most = Number.MAX_SAFE_INTEGER;
  const place = { stream: most, seq: most, received: { stream: most, seq: most } };
  const empty = { kind: "app", body: "" };
  const data = { ...empty, body: "x".repeat(signal.dataBytes - JSON.stringify(empty).length) };
  const peer = `cse_${"7".repeat(26)}`;
  const sent = Signal.parse({ type: "signal", id: "\u0000".repeat(64), to: peer, ...place, data });
  const relayed = SignalRelayed.parse({ type: "signal", from: peer, ...place, data });
  expect(Buffer.byteLength(JSON.stringify(sent.data))).toBe(signal.dataBytes);
  expect(Buffer.byteLength(JSON.stringify(sent))).toBeLessThanOrEqual(gateway.frameBytes);
  expect(Buffer.byteLength(JSON.stringify(relayed))).toBeLessThanOrEqual(gateway.frameBytes);
});

test("what a schema takes is what the limit says, to the character", () => {
  const assertion = (length: number) => RobotTicketRequest.safeParse({ assertion: "a".repeat(length) }).success;
  expect([assertion(limits.assertion.bytes), assertion(limits.assertion.bytes + 1)]).toEqual([true, false]);
});

test("the longest ticket that can be renewed with fits a frame", () => {
  const frame = (length: number) => ({ type: "auth.renew", id: "i".repeat(64), ticket: "t".repeat(length) });
  expect(AuthRenew.safeParse(frame(4_096)).success).toBe(true);
  expect(Buffer.byteLength(JSON.stringify(frame(4_096)))).toBeLessThan(gateway.frameBytes);
});
