import { ProblemDetails } from "@tether/protocol/problem";
import { routes } from "@tether/protocol/route";
import type { Route, Security } from "@tether/protocol/route/route";
import type * as z from "zod/mini";
import { examples } from "./example.ts";
import { type Schema, schemaOf } from "./schema.ts";

/** The OpenAPI document's names for the proofs that routes ask for. Without a name, a robot's key signs the body, which OpenAPI has no scheme for. */
const schemes: Readonly<Record<Security, { [scheme: string]: string[] }[]>> = {
  user: [{ token: [] }],
  key: [],
  either: [{ token: [] }, {}],
  none: [],
};

const token = {
  type: "http",
  scheme: "bearer",
  bearerFormat: "JWT",
  description: "The user's OIDC token, from the issuer that /v1/sign-in names.",
};

const idempotencyKey = {
  name: "idempotency-key",
  in: "header",
  required: false,
  description: "The same key lets the same request be sent again without being done twice.",
  schema: { type: "string" },
};

/**
 * The OpenAPI document of the routes, with this deployment's address and an example of each body. It is of version 3.0, which generators of every
 * language take; most of those that are older than a few years take nothing newer.
 */
export function documentOf(origin: string): object {
  const schemas: Record<string, Schema> = {};
  const paths: Record<string, Record<string, object>> = {};
  for (const route of Object.values<Route>(routes))
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route, schemas) };
  return {
    openapi: "3.0.3",
    info: {
      title: "Tether",
      version: "1",
      description: "Sessions, tickets and access for robots that people drive from afar. Every refusal is a problem of RFC 9457.",
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    servers: [{ url: origin }],
    paths,
    components: { schemas, securitySchemes: { token } },
  };
}

/** How a route stands in the document. Every route may answer a problem. */
function operation({ id, summary, security, idempotent, status = 200, ...route }: Route, schemas: Record<string, Schema>): object {
  const content = (type: string, schema: z.ZodMiniType, example: object | undefined) => ({
    [type]: { schema: schemaOf(schema, schemas), ...(example && { example }) },
  });
  const { body, answer } = examples[id] ?? {};
  const parameters = [
    ...parametersIn("path", route.params, schemas),
    ...parametersIn("query", route.query, schemas),
    ...(idempotent ? [idempotencyKey] : []),
  ];
  return {
    operationId: id,
    summary,
    security: schemes[security],
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && { requestBody: { required: true, content: content("application/json", route.body, body) } }),
    responses: {
      ...(route.answer
        ? { [status]: { description: summary, content: content("application/json", route.answer, answer) } }
        : { 204: { description: summary } }),
      default: {
        description: "A problem (RFC 9457).",
        content: content("application/problem+json", ProblemDetails, examples.problem.answer),
      },
    },
  };
}

function parametersIn(place: "path" | "query", schema: z.ZodMiniType | undefined, schemas: Record<string, Schema>): object[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, schemas);
  return Object.entries(properties).map(([name, one]) => ({ name, in: place, required: required.includes(name), schema: one }));
}
