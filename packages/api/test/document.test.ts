import { ProblemDetails } from "@tether/protocol/problem";
import { routes } from "@tether/protocol/route";
import type { Route } from "@tether/protocol/route/route";
import { expect, test } from "vitest";
import { createApp } from "../src/app.ts";
import { examples } from "../src/document/example.ts";
import type { Env } from "../src/env.ts";

const settings: Env["settings"] = {
  origin: "https://api.example.org",
  brokerUrl: "wss://broker.example.org",
  corsOrigins: [],
  edgeKeys: [],
  signIn: { issuer: "https://id.example.org", clientId: "tether" },
};
// The document is made of the routes alone: nothing else of the environment is asked.
const env = { settings, clock: { now: () => 0 }, log: () => {} } as unknown as Env;

type Operation = {
  readonly operationId: string;
  readonly security: readonly object[];
  readonly requestBody?: { readonly content: { readonly "application/json": { readonly example?: object } } };
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly example?: object }>> }>>;
};
type Document = {
  readonly openapi: string;
  readonly servers: readonly object[];
  readonly components: { readonly securitySchemes: object; readonly schemas: Readonly<Record<string, object>> };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};

const app = createApp(env);
const document: Document = await (await app.request("/v1/openapi.json")).json();
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
);
const all: readonly Route[] = Object.values(routes);

test("the app answers the routes of the table, and no others besides its documents", () => {
  const served = app.routes
    .filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`);
  const documents = ["GET /v1/asyncapi.json", "GET /v1/openapi.json"];
  expect([...new Set(served)].toSorted()).toEqual([...all.map(({ method, path }) => `${method} ${path}`), ...documents].toSorted());
});

test("the document describes the routes of the table, and no others", () => {
  const key = ({ method, path, id }: Pick<Route, "method" | "path" | "id">) => `${method} ${path} ${id}`;
  const described = operations.map(({ method, path, operationId }) => `${method} ${path} ${operationId}`);
  expect(described.toSorted()).toEqual(all.map(key).toSorted());
});

test("generators of OpenAPI 3.0 take it: bodies have names, instants 64 bits, and nothing is of a newer version", () => {
  expect(document.openapi).toBe("3.0.3");
  expect(document.components.schemas).toMatchObject({
    Robot: { properties: { createdAt: { type: "integer", format: "int64" }, control: { $ref: "#/components/schemas/ControlPolicy" } } },
    ControlPolicy: { properties: { maxLinear: { type: "number", nullable: true } } },
    IceServer: { properties: { urls: { description: "Either string or array of string." } } },
  });
  const text = JSON.stringify(document);
  for (const newer of ['"const"', '"null"', '"propertyNames"', '"$defs"', '"type":[', "#/definitions/"]) expect(text).not.toContain(newer);
  const referred = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
  expect([...new Set(referred)].toSorted()).toEqual(Object.keys(document.components.schemas).toSorted());
});

test("causes and entries of the timeline are any text, since a newer version may have others", () => {
  const { Ending, TimelineEntry } = document.components.schemas;
  const open = { type: "string", description: expect.stringContaining("or what a newer version adds") };
  expect(Ending).toHaveProperty("properties.cause", open);
  expect(TimelineEntry).toHaveProperty("properties.type", open);
});

test("it names the address, and the proof that each route asks for", () => {
  expect(document.servers).toEqual([{ url: settings.origin }]);
  expect(document.components.securitySchemes).toHaveProperty("token", expect.objectContaining({ type: "http", scheme: "bearer" }));
  const proofs = { user: [{ token: [] }], key: [], either: [{ token: [] }, {}], none: [] };
  for (const { operationId, security } of operations)
    expect(security, operationId).toEqual(proofs[all.find(({ id }) => id === operationId)?.security ?? "none"]);
});

test.each(all)("$id has its parameters, its example and the shape of its problems", ({ id, path, method, status = 200, ...route }) => {
  const operation = document.paths[path]?.[method.toLowerCase()];
  expect(operation?.parameters?.filter((one) => one.in === "path").map(({ name }) => name) ?? []).toEqual(
    [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name),
  );
  expect(Object.keys(operation?.responses ?? {})).toEqual([String(route.answer ? status : 204), "default"]);
  expect(operation?.responses.default?.content).toHaveProperty(["application/problem+json", "example"], examples.problem.answer);
  const answered = operation?.responses[route.answer ? status : 204]?.content?.["application/json"];
  if (route.answer) expect(route.answer.safeParse(answered?.example)).toMatchObject({ success: true });
  else expect(answered).toBeUndefined();
  const sent = operation?.requestBody?.content["application/json"];
  if (route.body) expect(route.body.safeParse(sent?.example)).toMatchObject({ success: true });
  else expect(sent).toBeUndefined();
});

test("the example of a problem is one", () => {
  expect(ProblemDetails.safeParse(examples.problem.answer)).toMatchObject({ success: true });
});
