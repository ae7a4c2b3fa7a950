import { ClientSessionId, EventId, InstanceId, KeyId, RobotId, RobotSessionId, SessionId } from "@tether/protocol/id";
import { describe, expect, test } from "vitest";

const ulid = "01JZ8Q4M7C3V5T9X2B6N8R0W1K";
const is = (schema: typeof SessionId | typeof RobotId | typeof InstanceId | typeof KeyId, value: unknown) =>
  schema.safeParse(value).success;

describe.each([
  ["rob", RobotId],
  ["rse", RobotSessionId],
  ["cse", ClientSessionId],
  ["evt", EventId],
] as const)("an id with the prefix %s", (prefix, schema) => {
  test("is the prefix and a ULID, from the least to the largest", () => {
    for (const good of [ulid, "0".repeat(26), `7${"Z".repeat(25)}`]) expect(is(schema as typeof RobotId, `${prefix}_${good}`)).toBe(true);
  });

  test.each([
    ["larger than 128 bits", `8${"0".repeat(25)}`],
    ["of 25 characters", ulid.slice(1)],
    ["of 27 characters", `${ulid}0`],
    ["in small letters", ulid.toLowerCase()],
    ["with an I", `${ulid.slice(0, 25)}I`],
    ["with an L", `${ulid.slice(0, 25)}L`],
    ["with an O", `${ulid.slice(0, 25)}O`],
    ["with a U", `${ulid.slice(0, 25)}U`],
    ["with a line break", `${ulid}\n`],
  ])("is none with a ULID %s", (_, bad) => {
    expect(is(schema as typeof RobotId, `${prefix}_${bad}`)).toBe(false);
  });

  test("is none under another prefix, or within more text", () => {
    for (const bad of [ulid, `xxx_${ulid}`, ` ${prefix}_${ulid}`, `${prefix}-${ulid}`, 7, null])
      expect(is(schema as typeof RobotId, bad)).toBe(false);
  });
});

test("a session is a robot's or a client's", () => {
  expect(["rse", "cse", "rob", "evt"].map((prefix) => is(SessionId, `${prefix}_${ulid}`))).toEqual([true, true, false, false]);
});

test("an instance has 8 to 40 characters that are safe in a URL", () => {
  expect([7, 8, 40, 41].map((length) => is(InstanceId, "-".repeat(length)))).toEqual([false, true, true, false]);
  expect(is(InstanceId, "abcd efgh")).toBe(false);
});

test("a key's id is a SHA-256 in base64url without padding", () => {
  expect([42, 43, 44].map((length) => is(KeyId, "A".repeat(length)))).toEqual([false, true, false]);
  expect(is(KeyId, `${"A".repeat(42)}=`)).toBe(false);
});
