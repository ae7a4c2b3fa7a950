import { fromBroker, toBroker } from "@tether/protocol/frame";
import { parseFromBroker, parseToBroker } from "@tether/protocol/frame/parse";
import { describe, expect, test } from "vitest";
import { bad, good, named } from "../golden.ts";

const sides = [
  { side: "to-broker", table: toBroker, parse: parseToBroker },
  { side: "from-broker", table: fromBroker, parse: parseFromBroker },
] as const;

/** Every text and key that stands anywhere in a value. */
function words(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [...(Array.isArray(value) ? [] : [key]), ...words(inner)]);
}

describe.each(sides)("frames $side", ({ side, table, parse }) => {
  const types = Object.keys(table).sort();

  test("have good and bad examples of every type, and of no other", () => {
    expect(named(side)).toEqual({ good: types, bad: types });
  });

  describe.each(types)("%s", (type) => {
    test.each(good(`${side}/${type}`))("is read and survives a round trip: $name", ({ frame, reads = frame }) => {
      const parsed = parse(JSON.stringify(frame));
      expect(parsed).toEqual({ frame: reads });
      expect(parsed).toHaveProperty("frame.type", type);
      expect(parse(JSON.stringify(reads))).toEqual(parsed);
    });

    const wrong = bad(`${side}/${type}`);

    test.each(wrong.filter(({ text }) => text !== undefined))("is refused as malformed: $name [F1]", ({ text = "", problem }) => {
      expect(problem).toBe("frame.malformed");
      expect(parse(text)).toEqual({ problem });
    });

    test.each(wrong.filter(({ frame }) => frame !== undefined))("is refused by the names of its fields: $name [F2, F4]", (example) => {
      const { frame, problem, fields, id } = example;
      expect(problem).toBe("frame.invalid");
      expect(frame).toHaveProperty("type", type);
      expect(parse(JSON.stringify(frame))).toEqual({ problem, fields, type, ...(id !== undefined && { id }) });
    });

    test.each(wrong.filter(({ frame }) => frame !== undefined))("is refused without a word of the input: $name [F2]", ({ frame }) => {
      const { id: _, ...refusal } = parse(JSON.stringify(frame)) as { id?: string };
      const ours = new Set(good(`${side}/${type}`).flatMap((example) => words(example.frame)));
      const theirs = words(frame).filter((word) => word.length > 2 && !ours.has(word));
      for (const word of theirs) expect(JSON.stringify(refusal)).not.toContain(JSON.stringify(word).slice(1, -1));
    });
  });

  test.each(["nobody.knows", "", "__proto__", "constructor", "toString", "Hello"])("are ignored when their type is %j [F3]", (type) => {
    expect(parse(JSON.stringify({ type, seq: "hunter" }))).toEqual({ unknown: type });
  });

  test("keep none of the fields that nobody knows [F3]", () => {
    for (const type of types)
      for (const { frame, reads = frame } of good(`${side}/${type}`))
        expect(parse(JSON.stringify({ ...(frame as object), unheard: { of: 1 } }))).toEqual({ frame: reads });
  });
});

test("every refusal of a frame to the broker carries the frame's id, where it has one of 64 characters at most [F4]", () => {
  for (const type of Object.keys(toBroker)) {
    const { id: _, ...frame } = (good(`to-broker/${type}`)[0]?.frame ?? {}) as { id?: string };
    const refused = (id: unknown) => parseToBroker(JSON.stringify({ ...frame, type: undefined, id }));
    expect(refused("i".repeat(64))).toEqual({ problem: "frame.malformed", id: "i".repeat(64) });
    for (const id of ["i".repeat(65), 7, null, {}]) expect(refused(id)).toEqual({ problem: "frame.malformed" });
  }
});

test("the id of a frame that may be refused later is kept [F4]", () => {
  for (const type of ["hello", "signal", "ack", "auth.renew", "leave"]) {
    const frame = { ...(good(`to-broker/${type}`)[0]?.frame as object), id: "f-1" };
    expect(parseToBroker(JSON.stringify(frame))).toEqual({ frame });
  }
});
