import { type FromBroker, fromBroker, type ToBroker, toBroker } from "@tether/protocol/frame";
import { expect, expectTypeOf, test } from "vitest";

/** Fails to compile when a frame is added that it does not answer for. */
function isSignalling(frame: ToBroker): boolean {
  switch (frame.type) {
    case "signal":
    case "ack":
      return true;
    case "hello":
    case "auth.renew":
    case "control.request":
    case "control.give":
    case "control.deny":
    case "control.take":
    case "control.renew":
    case "control.release":
    case "stop":
    case "leave":
    case "report":
    case "ping":
      return false;
    default:
      return frame satisfies never;
  }
}

function endsConnection(frame: FromBroker): boolean {
  switch (frame.type) {
    case "bye":
      return true;
    case "welcome":
    case "signal":
    case "ack":
    case "undelivered":
    case "peer.online":
    case "peer.away":
    case "peer.ended":
    case "auth.expiring":
    case "auth.renewed":
    case "auth.expired":
    case "auth.challenge":
    case "control.changed":
    case "control.granted":
    case "control.asked":
    case "control.requested":
    case "control.denied":
    case "stop":
    case "robot.stopped":
    case "frame.seen":
    case "monitor.ended":
    case "problem":
      return false;
    default:
      return frame satisfies never;
  }
}

test("the unions hold a frame for every row of their tables, and no other", () => {
  expectTypeOf<ToBroker["type"]>().toEqualTypeOf<keyof typeof toBroker>();
  expectTypeOf<FromBroker["type"]>().toEqualTypeOf<keyof typeof fromBroker>();
  expectTypeOf<Extract<FromBroker, { type: "signal" }>>().not.toHaveProperty("to");
  expectTypeOf<Extract<ToBroker, { type: "signal" }>>().not.toHaveProperty("from");
  expect(isSignalling({ type: "ping" })).toBe(false);
  expect(endsConnection({ type: "auth.expired", closesAt: 0 })).toBe(false);
});

test("each row's schema is for the type it stands under", () => {
  for (const table of [toBroker, fromBroker])
    for (const [type, schema] of Object.entries(table)) expect([...schema.shape.type.def.values]).toEqual([type]);
});
