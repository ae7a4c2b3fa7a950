import { limits } from "@tether/protocol/limits";
import { expect, test } from "vitest";
import { acknowledge, againMs, due, fill, nothingSent, type Outbound, push } from "../../src/signalling/outbound.ts";
import { app } from "./network.ts";

const sent = (...bodies: number[]): Outbound => bodies.reduce((before, body) => push(before, 5, app(body), 0), nothingSent);
const marked = ({ kept }: Outbound) => kept.filter(({ againAt }) => againAt !== undefined).map(({ seq }) => seq);

test("word that tells nothing new, or of another stream, changes nothing [S5]", () => {
  const outbound = acknowledge(sent(1, 2, 3), { stream: 5, seq: 1 });
  expect(outbound.kept.map(({ seq }) => seq)).toEqual([2, 3]);
  for (const received of [{ stream: 5, seq: 1 }, { stream: 4, seq: 2 }, undefined]) expect(acknowledge(outbound, received)).toBe(outbound);
});

test.each([
  ["between the two that it names", { stream: 5, seq: 1, next: 4 }, againMs, [2, 3]],
  ["next alone where it names no other", { stream: 5, seq: 1 }, againMs, [2]],
  ["at all that was sent too lately", { stream: 5, seq: 1, next: 4 }, againMs - 1, []],
])("a peer is sent again what lies %s [S9]", (_, received, at, again) => {
  expect(marked(fill(sent(1, 2, 3, 4), received, at))).toEqual(again);
});

test("a signal that was sent again as often as may be is not sent again at the peer's word [S9]", () => {
  const outbound = sent(1, 2);
  const tired = { ...outbound, kept: outbound.kept.map((kept) => ({ ...kept, resent: limits.signal.resends })) };
  expect(marked(fill(tired, { stream: 5, seq: 0, next: 3 }, 1e9))).toEqual([]);
});

test("what is not due is left as it is", () => {
  const outbound = sent(1, 2);
  expect(due(outbound, limits.signal.unheardMs - 1).outbound).toBe(outbound);
  expect(due(outbound, limits.signal.unheardMs)).toMatchObject({ isUnacknowledged: true, again: [{ seq: 1 }] });
});
