import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { accept, nothingReceived, receivedOf } from "../../src/signalling/inbound.ts";
import { app } from "./network.ts";

const { unacked } = limits.signal;

test.each([
  [unacked, "kept", unacked],
  [unacked + 1, "dropped", undefined],
])("a signal that is %i ahead of the last is %s until its turn [S6]", (seq, _becomes, next) => {
  const { inbound, ready } = accept(nothingReceived, { stream: 1, seq, data: app(1) }, 0);
  expect([ready, receivedOf(inbound)?.next]).toEqual([[], next]);
});
