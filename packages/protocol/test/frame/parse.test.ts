import { fromBroker, toBroker } from "@tether/protocol/frame";
import { parseFromBroker, parseToBroker } from "@tether/protocol/frame/parse";
import { limits } from "@tether/protocol/limits";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { good } from "../golden.ts";

const sides = [
  { side: "to-broker", table: toBroker, parse: parseToBroker },
  { side: "from-broker", table: fromBroker, parse: parseFromBroker },
] as const;

/** A word that a careless refusal would pass on: it could be the name of a field. */
const secret = "hunter";

const tricky = fc.oneof(
  fc.constantFrom<unknown>(secret, { [secret]: secret }, [secret], -1, 0, 1.5, Number.MAX_VALUE, null, "", true, [], {}),
  fc.jsonValue(),
);
const trickyKey = fc.oneof(fc.constantFrom("__proto__", "constructor", "toString", "length", secret), fc.string());

/** A good example in which something, at any depth, is replaced, removed, or added. */
function spoiled(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value !== "object" || value === null) return tricky;
  const keys = Object.keys(value);
  const set = (key: string, inner: unknown) =>
    Array.isArray(value) ? value.map((old, at) => (String(at) === key ? inner : old)) : withOwn(value, key, inner);
  const added = fc.tuple(trickyKey, tricky).map(([key, inner]) => set(key, inner));
  if (keys.length === 0) return fc.oneof(tricky, added);
  const changed = fc
    .constantFrom(...keys)
    .chain((key) => fc.oneof(spoiled(Reflect.get(value, key)), fc.constant(undefined)).map((inner) => set(key, inner)));
  return fc.oneof({ weight: 1, arbitrary: tricky }, { weight: 2, arbitrary: added }, { weight: 5, arbitrary: changed });
}

function withOwn(value: object, key: string, inner: unknown): object {
  return Object.defineProperty({ ...value }, key, { value: inner, enumerable: true, configurable: true, writable: true });
}

describe.each(sides)("any text $side", ({ side, table, parse }) => {
  const frames = Object.keys(table).flatMap((type) => good(`${side}/${type}`).map(({ frame }) => frame));

  test("gets an answer of one of three kinds [F1, F3]", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.json(),
      fc.jsonValue().map((value) => JSON.stringify({ type: value })),
    );
    fc.assert(
      fc.property(text, (one) => {
        const answer = parse(one);
        const kinds = ["frame", "unknown", "problem"].filter((kind) => Object.hasOwn(answer, kind));
        expect(kinds).toHaveLength(1);
      }),
    );
  });

  test("that is almost a frame is read or refused, and no refusal holds any of it [F2]", () => {
    let refused = 0;
    fc.assert(
      fc.property(fc.constantFrom(...frames).chain(spoiled), (value) => {
        const answer = parse(JSON.stringify(value) ?? "");
        if (!("problem" in answer)) return;
        refused++;
        const { id: _, ...rest } = answer;
        expect(JSON.stringify(rest)).not.toContain(secret);
      }),
      { numRuns: 500 },
    );
    expect(refused).toBeGreaterThan(50);
  });

  test("that is read once reads the same again", () => {
    fc.assert(
      fc.property(fc.constantFrom(...frames).chain(spoiled), (value) => {
        const answer = parse(JSON.stringify(value) ?? "");
        if ("frame" in answer) expect(parse(JSON.stringify(answer.frame))).toEqual(JSON.parse(JSON.stringify(answer)));
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ["arrays", (depth: number) => "[".repeat(depth) + "]".repeat(depth)],
    ["objects", (depth: number) => `${'{"a":'.repeat(depth)}0${"}".repeat(depth)}`],
  ])("may be nested as deep as a message can hold, in %s", (_, nest) => {
    const deep = nest(limits.gateway.messageBytes / 8);
    expect(parse(deep)).toEqual({ problem: "frame.malformed" });
    for (const type of Object.keys(table))
      for (const key of ["id", "received", "data", "peers", "nobodyKnows"])
        expect(() => parse(`{"type":"${type}","${key}":${deep}}`)).not.toThrow();
  });
});

describe("an app signal", () => {
  const [signal] = good("to-broker/signal");
  const nested = (depth: number) => `{"kind":"app","body":${"[".repeat(depth)}${"]".repeat(depth)}}`;
  const parsed = (depth: number) => parseToBroker(JSON.stringify(signal?.frame).replace(/"data":.*$/, `"data":${nested(depth)}}`));

  test("may be nested 64 deep", () => {
    expect(parsed(limits.signal.depth)).toHaveProperty("frame.data.kind", "app");
  });

  test("is refused when nested deeper, since it could not be written again [F2]", () => {
    expect(parsed(limits.signal.depth + 1)).toEqual({ problem: "frame.invalid", fields: ["data.body"], type: "signal" });
    expect(parsed(14_000)).toEqual({ problem: "frame.invalid", fields: ["data.body"], type: "signal" });
  });
});

test("a prototype in the text stays text", () => {
  const answer = parseToBroker('{"type":"leave","reason":"x","__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}');
  expect(answer).toEqual({ frame: { type: "leave", reason: "x" } });
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
});
