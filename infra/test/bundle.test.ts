import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { project } from "./stand-in/deploy.ts";

test("a bundle's ElectroDB is handed every command that it makes, and the document client's own", async () => {
  const source = readFileSync(join(project, "node_modules/electrodb/src/client.js"), "utf8");
  const made = new Set([...source.matchAll(/new this\.lib\.(\w+)/g)].map(([, name]) => name));
  await import(join(project, "infra/bundle/electrodb.mjs"));
  const { default: handed }: { default: Record<string, unknown> } = await import(join(project, "infra/bundle/commands.cjs"));
  expect(Object.keys(handed).sort()).toEqual([...made].sort());
  expect(await import("@aws-sdk/lib-dynamodb")).toMatchObject(handed);
});
