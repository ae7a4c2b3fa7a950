import { channelMessages } from "@tether/protocol/channel-message";
import { ControlPermit } from "@tether/protocol/control";
import { fieldsOf } from "@tether/protocol/field";
import { describe, expect, test } from "vitest";
import type * as z from "zod/mini";
import { bad, good, named } from "../golden.ts";

const tables: Readonly<Record<string, Readonly<Record<string, z.ZodMiniType>>>> = { ...channelMessages, permit: { permit: ControlPermit } };

describe.each(Object.entries(tables))("messages %s", (side, table) => {
  const types = Object.keys(table).sort();

  test("have good and bad examples of every type, and of no other", () => {
    expect(named(side)).toEqual({ good: types, bad: types });
  });

  test.each(types.flatMap((type) => good(`${side}/${type}`).map((example) => ({ ...example, type }))))(
    "$type is read and survives a round trip: $name",
    ({ type, message, reads = message }) => {
      const parsed = table[type]?.safeParse(message);
      expect(parsed).toEqual({ success: true, data: reads });
      expect(table[type]?.safeParse(JSON.parse(JSON.stringify(reads)))).toEqual(parsed);
    },
  );

  test.each(types.flatMap((type) => bad(`${side}/${type}`).map((example) => ({ ...example, type }))))(
    "$type is refused by the names of its fields: $name",
    ({ type, message, fields }) => {
      expect(fieldsOf(table[type]?.safeParse(message).error?.issues ?? [])).toEqual(fields);
    },
  );
});

test("a stop is read whatever is wrong with its other fields [R17]", () => {
  for (const side of ["control-to-robot", "events-to-robot"] as const)
    expect(channelMessages[side].stop?.safeParse({ type: "stop", key: 7, reason: [] }).data).toEqual({ type: "stop" });
});
