import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { accept, gapMs, type Inbound, markReported, nothingReceived, receivedOf } from "../../src/signalling/inbound.ts";
import { app } from "./network.ts";

const { unacked } = limits.signal;

test.each([
  [unacked, "kept", unacked],
  [unacked + 1, "dropped", undefined],
])("a signal that is %i ahead of the last is %s until its turn [S6]", (seq, _becomes, next) => {
  const { inbound, ready } = accept(nothingReceived, { stream: 1, seq, data: app(1) }, 0);
  expect([ready, receivedOf(inbound)?.next]).toEqual([[], next]);
});

test("a gap is told of from when it opened, and anew once what follows it went on [S9]", () => {
  const take = (inbound: Inbound, seq: number, at: number) => accept(inbound, { stream: 1, seq, data: app(seq) }, at).inbound;
  const open = take(nothingReceived, 2, 0);
  expect(open).toMatchObject({ seq: 0, gapAt: 0, asked: 0 });
  const told = markReported(open, gapMs);
  expect(told).toMatchObject({ gapAt: gapMs, asked: 1 });
  const wider = take(told, 4, 1_500);
  expect(wider).toMatchObject({ seq: 0, gapAt: gapMs, asked: 1 });
  const further = take(wider, 1, 2_000);
  expect(further).toMatchObject({ seq: 2, gapAt: 2_000, asked: 0 });
  expect(take(further, 3, 2_500)).toMatchObject({ seq: 4, gapAt: undefined, asked: 0 });
});

test.each([
  ["without a gap", undefined, 0],
  ["a moment before a gap is to be told of", gapMs - 1, 0],
  ["once a gap is to be told of", gapMs, 1],
])("a report %s counts as one that asked: %s ms, %i", (_, after, asked) => {
  const inbound = { ...nothingReceived, stream: 1, seq: 1, ...(after !== undefined && { gapAt: 5_000 }) };
  expect(markReported(inbound, 5_000 + (after ?? gapMs)).asked).toBe(asked);
});

test("nothing is said of a peer that sent nothing", () => {
  expect(receivedOf(nothingReceived)).toBeUndefined();
});
