import { fieldsOf } from "@tether/protocol/field";
import * as http from "@tether/protocol/http";
import { ProblemDetails } from "@tether/protocol/problem";
import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { bad, good, named } from "../golden.ts";

const kebab = (name: string) => name.replace(/(?<!^)[A-Z]/g, "-$&").toLowerCase();

const bodies = Object.entries({ ...http, ProblemDetails }).flatMap(([name, schema]) =>
  schema instanceof z.ZodMiniObject ? [{ name: kebab(name), schema: schema as z.ZodMiniType }] : [],
);

test("every body has good and bad examples, and nothing else has", () => {
  const names = bodies.map(({ name }) => name);
  expect(named("http").good).toHaveLength(names.length);
  expect(new Set(named("http").good)).toEqual(new Set(names));
  expect(named("http").bad).toEqual(named("http").good);
});

describe.each(bodies)("$name", ({ name, schema }) => {
  test.each(good(`http/${name}`))("is read and survives a round trip: $name", ({ body, reads = body }) => {
    const parsed = schema.parse(body);
    expect(parsed).toEqual(reads);
    expect(schema.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed);
  });

  test.each(bad(`http/${name}`))("is refused by the names of its fields: $name", ({ body, fields }) => {
    const found = fieldsOf(schema.safeParse(body).error?.issues ?? []);
    expect(found).toEqual(fields);
    expect(JSON.stringify(found)).not.toContain("hunter");
  });
});
