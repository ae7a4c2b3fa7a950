import { asyncApi } from "./asyncapi.ts";
import { schemaDocument, sides } from "./json-schema.ts";

/** The documents that are kept in the checkout, by their paths in this package. */
export function documents(): Readonly<Record<string, string>> {
  const text = (document: object) => `${JSON.stringify(document, null, 2)}\n`;
  const schemas = sides.map((side) => [`schema/${side}.schema.json`, text(schemaDocument(side))] as const);
  return { ...Object.fromEntries(schemas), "schema/asyncapi.json": text(asyncApi()) };
}
