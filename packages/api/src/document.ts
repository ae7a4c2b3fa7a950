import type { Hono } from "hono";
import { generateSpecs } from "hono-openapi";
import type { Env } from "./env.ts";
import { examples } from "./example.ts";
import type { Variables } from "./variables.ts";

type Content = { readonly [type: string]: { schema?: object; example?: object } };
type Operation = { readonly operationId?: string; readonly requestBody?: { readonly content?: Content } };

/** The OpenAPI document of the app's routes, with this deployment's address and an example of each body. */
export async function documentOf(app: Hono<Variables>, { settings }: Pick<Env, "settings">): Promise<object> {
  const document = await generateSpecs(app, {
    documentation: {
      openapi: "3.1.0",
      info: {
        title: "Tether",
        version: "1",
        description: "Sessions, tickets and access for robots that people drive from afar. Every refusal is a problem of RFC 9457.",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      servers: [{ url: settings.origin }],
      components: {
        securitySchemes: {
          token: {
            type: "http",
            scheme: "bearer",
            bearerFormat: "JWT",
            description: "The user's OIDC token, from the issuer that /v1/sign-in names.",
          },
        },
      },
    },
  });
  for (const path of Object.values(document.paths ?? {}))
    for (const { operationId = "", requestBody } of Object.values(path ?? {}) as Operation[]) {
      const example = examples[operationId]?.body;
      const json = requestBody?.content?.["application/json"];
      if (json && example) json.example = example;
    }
  return document;
}
