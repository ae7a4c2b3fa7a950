import { Actor } from "@tether/protocol/actor";
import { Cause } from "@tether/protocol/cause";
import { ControlPolicy } from "@tether/protocol/control";
import { wireSchemas } from "@tether/protocol/document/json-schema";
import { PublicKey, TimelinePage } from "@tether/protocol/http";
import { Ending } from "@tether/protocol/http/ending";
import { IceServer } from "@tether/protocol/ice-server";
import { routes } from "@tether/protocol/route";
import type { Route } from "@tether/protocol/route/route";
import { TimelineType } from "@tether/protocol/timeline";
import * as z from "zod/mini";

/** A schema as OpenAPI 3.0 writes it. */
export type Schema = { [key: string]: unknown; properties?: Record<string, Schema>; required?: string[] };

const { ProblemDetails: Problem, ...bodies } = wireSchemas.http;
const TimelineEntry = TimelinePage.def.shape.items.def.element;
const parts = { Problem, Actor, ControlPolicy, Ending, IceServer, PublicKey, TimelineEntry };
// A query's fields are parameters, each by itself.
const queries = new Set(Object.values<Route>(routes).flatMap(({ query }) => (query ? [query] : [])));

/** The schemas that have a name in the document, and so in a client that is generated from it. */
const named = z.registry<{ id?: string | undefined }>();
for (const [id, schema] of Object.entries<z.ZodMiniType | undefined>({ ...bodies, ...parts }))
  if (schema && !queries.has(schema)) named.add(schema, { id });

/** Words that any version may add: a generated client refuses a value that its enumeration lacks. */
const open: ReadonlySet<unknown> = new Set([Cause, TimelineType]);

const scalars = new Set(["string", "number", "integer", "boolean"]);

/** Writes a schema so that generators of OpenAPI 3.0 read in it what is meant. */
function plain({ zodSchema, jsonSchema }: { zodSchema: unknown; jsonSchema: Record<string, unknown> }): void {
  if (open.has(zodSchema)) {
    jsonSchema.description = `One of ${(jsonSchema.enum as string[]).join(", ")}, or what a newer version adds.`;
    delete jsonSchema.enum;
  }
  if (jsonSchema.type === "integer") {
    // Without a format, languages of many integers take 32 bits, which hold no instant.
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) {
      jsonSchema.format = "int64";
      delete jsonSchema.maximum;
    }
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  }
  // Few generators have a type for one of several scalars, or for a text or a list of them; each has one for any value.
  const choices = (jsonSchema.anyOf ?? []) as Schema[];
  const kinds = new Set(choices.map(kindOf));
  if (kinds.size === 0 || kinds.has(undefined)) return;
  delete jsonSchema.anyOf;
  const patterns = choices.flatMap(({ pattern }) => (typeof pattern === "string" ? [pattern] : []));
  if (patterns.length === choices.length) Object.assign(jsonSchema, { type: "string", pattern: patterns.join("|") });
  else jsonSchema.description = `Either ${[...kinds].join(" or ")}.`;
}

/** A scalar's type, or a list's of scalars. */
function kindOf({ type, items }: Schema): string | undefined {
  if (type === "array") return `array of ${kindOf(items as Schema)}`;
  return scalars.has(String(type)) ? String(type) : undefined;
}

/**
 * A schema as what a sender may write, for OpenAPI 3.0. What has a name goes to `components`, and stands as a reference to it. Unknown fields are
 * allowed everywhere (F3).
 */
export function schemaOf(schema: z.ZodMiniType, components: Record<string, Schema>): Schema {
  const made = z.toJSONSchema(schema, { io: "input", unrepresentable: "any", target: "openapi-3.0", metadata: named, override: plain });
  const { definitions, ...rest } = JSON.parse(JSON.stringify(made).replaceAll("#/definitions/", "#/components/schemas/"));
  for (const [name, one] of Object.entries<Schema & { id?: string }>(definitions ?? {})) {
    const { id: _, ...plainly } = one;
    components[name] = plainly;
  }
  return rest;
}
