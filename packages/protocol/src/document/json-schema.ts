import * as z from "zod/mini";
import { channelMessages } from "../channel-message.ts";
import { ControlPermit } from "../control.ts";
import { fromBroker, toBroker } from "../frame/index.ts";
import * as http from "../http/index.ts";
import { ProblemDetails } from "../problem.ts";

type Schemas = Readonly<Record<string, z.ZodMiniType>>;

const isBody = (schema: unknown): schema is z.ZodMiniType => schema instanceof z.ZodMiniObject;

/** By name: the order of a module's exports is the loader's. */
function bodies(): Schemas {
  const all: [string, z.ZodMiniType][] = Object.entries({ ...http, ProblemDetails }).flatMap(([name, schema]) =>
    isBody(schema) ? [[name, schema]] : [],
  );
  return Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Every schema of what crosses a wire, by the folder of its golden examples. */
export const wireSchemas = {
  "to-broker": toBroker,
  "from-broker": fromBroker,
  ...channelMessages,
  permit: { permit: ControlPermit },
  http: bodies(),
} as const satisfies Record<string, Schemas>;

export type Side = keyof typeof wireSchemas;
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The sides without HTTP's, whose bodies OpenAPI describes. */
export const sides = Object.keys(wireSchemas) as Side[];

/**
 * A schema as JSON Schema 2020-12: what a sender may write. Unknown fields are allowed everywhere (F3), and a field that a reader leaves
 * out where it is wrong is described as it is when right.
 */
export function jsonSchemaOf(schema: z.ZodMiniType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return rest;
}

/** All schemas of a side in one document, each under `$defs`; a value is one of them. */
export function schemaDocument(side: Side): JsonSchema {
  const defs = Object.entries<z.ZodMiniType>(wireSchemas[side]).map(([name, schema]) => [name, jsonSchemaOf(schema)] as const);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: `Tether, protocol version 1: ${side}`,
    anyOf: defs.map(([name]) => ({ $ref: `#/$defs/${name}` })),
    $defs: Object.fromEntries(defs),
  };
}
