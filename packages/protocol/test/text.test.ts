import * as control from "@tether/protocol/control";
import { fromBroker, toBroker } from "@tether/protocol/frame";
import { parseToBroker } from "@tether/protocol/frame/parse";
import * as http from "@tether/protocol/http";
import { cutText } from "@tether/protocol/text";
import { expect, test } from "vitest";
import * as z from "zod/mini";
import * as core from "zod/v4/core";

const half = "\ud800";

type Leaf = { readonly path: string; readonly schema: core.$ZodType };

const isSchema = (value: unknown): value is core.$ZodType => typeof value === "object" && value !== null && "_zod" in value;

/** Finds every schema that reads a string, at any depth. A schema that catches its own errors is a leaf: it must turn any input into something sound. */
function* leaves(schema: core.$ZodType, path: string): Generator<Leaf> {
  const { def } = schema._zod;
  if (def.type === "string" || def.type === "catch" || def.type === "template_literal") return yield { path, schema };
  for (const [name, inner] of Object.entries(def)) {
    const inside = isSchema(inner) ? [["", inner]] : typeof inner === "object" && inner !== null ? Object.entries(inner) : [];
    for (const [key, member] of inside) if (isSchema(member)) yield* leaves(member, `${path}.${name === "shape" ? key : name}`);
  }
}

const roots: [string, core.$ZodType][] = [
  ...Object.entries(toBroker).map(([type, schema]): [string, core.$ZodType] => [`to broker ${type}`, schema]),
  ...Object.entries(fromBroker).map(([type, schema]): [string, core.$ZodType] => [`from broker ${type}`, schema]),
  ...Object.entries({ ...http, ...control }).flatMap(([name, schema]): [string, core.$ZodType][] =>
    isSchema(schema) ? [[name, schema]] : [],
  ),
];
const fields = roots.flatMap(([name, schema]) => [...leaves(schema, name)]);

test("every field that holds text is found", () => {
  const paths = fields.map(({ path }) => path);
  expect(paths.length).toBeGreaterThan(150);
  expect(paths).toEqual(
    expect.arrayContaining(["to broker leave.reason.innerType", "to broker stop.reason", "RobotCreate.name", "GrantGive.to"]),
  );
});

test.each(fields)("$path holds well-formed text only [A12]", ({ schema }) => {
  for (const text of [
    half,
    `plain ${half}`,
    `${half}${"x".repeat(19)}`,
    "\udfff",
    `sub:${half}`,
    `email:a@b${half}`,
    `https://a.example/${half}`,
  ]) {
    const read = core.safeParse(schema, text);
    if (read.success && typeof read.data === "string") expect(read.data.isWellFormed()).toBe(true);
    // Only what catches its errors may go on after one.
    if (schema._zod.def.type === "string") expect(read.success).toBe(false);
  }
});

test("a stop is obeyed whatever its reason is, and what is kept of it is well-formed [A12]", () => {
  const frame = (reason: string) => parseToBroker(JSON.stringify({ type: "stop", reason }));
  expect(frame(`halt ${half}`)).toEqual({ frame: { type: "stop", reason: "halt \ufffd" } });
  expect(frame(`${"x".repeat(199)}\u{1f6d1}`)).toEqual({ frame: { type: "stop", reason: `${"x".repeat(199)}\ufffd` } });
});

test("a cut through a pair leaves no half of it", () => {
  expect(cutText("ab\u{1f6d1}", 3)).toBe("ab\ufffd");
  expect(cutText("ab\u{1f6d1}", 4)).toBe("ab\u{1f6d1}");
});

test.each([
  ["Olive@Example.COM", "olive@example.com"],
  ["\u212aelvin@example.com", "\u212aelvin@example.com"],
  ["\u0130@example.com", "\u0130@example.com"],
])("the address %j is %j: A to Z are folded and nothing else [A12]", (address, folded) => {
  expect(http.foldAddress(address)).toBe(folded);
  expect(z.safeParse(http.Grantee, `email:${http.foldAddress(address)}`).success).toBe(true);
});
