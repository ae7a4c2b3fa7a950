import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Side, wireSchemas } from "@tether/protocol/document/json-schema";
import { routes } from "@tether/protocol/route";
import { expect, test } from "vitest";
import type * as z from "zod/mini";

type Entry = Readonly<Record<string, unknown>>;

const folder = join(import.meta.dirname, "../transcript");
const spec = readFileSync(join(import.meta.dirname, "../SPEC.md"), "utf8");
const transcripts = readdirSync(folder).map((file) => {
  const { entries } = JSON.parse(readFileSync(join(folder, file), "utf8")) as { entries: Entry[] };
  return { file, entries };
});

function routeOf(request: string) {
  const matches = (path: string) => new RegExp(`^${path.replace(/\{\w+\}/g, "[^/]+")}$`);
  return Object.values(routes).find(
    ({ method, path }) => request.startsWith(`${method} `) && matches(path).test(request.slice(method.length + 1)),
  );
}

/** The schema of what is said in an entry, and what is said. `asked` has what each end last asked of the API. */
function saidIn(entry: Entry, asked: Map<unknown, string>): { schema: z.ZodMiniType | undefined; said: unknown } | undefined {
  const said = entry.frame ?? entry.message;
  if (said !== undefined) {
    const { type = "command" } = said as { type?: string };
    const channel = `${String(entry.channel).replace("tether.", "")}-to-${entry.to === "robot" ? "robot" : "operator"}`;
    const side = entry.message ? channel : entry.to === "broker" ? "to-broker" : "from-broker";
    const schemas: Readonly<Record<string, z.ZodMiniType>> = wireSchemas[side as Side];
    return { schema: schemas[type], said };
  }
  if ("request" in entry) {
    asked.set(entry.from, String(entry.request));
    const route = routeOf(String(entry.request));
    return { schema: route && "body" in route ? route.body : undefined, said: entry.body };
  }
  if ("status" in entry) {
    const route = routeOf(asked.get(entry.to) ?? "");
    return { schema: route && "answer" in route ? route.answer : undefined, said: entry.body };
  }
  return undefined;
}

test.each(transcripts)(
  "everything that is said in $file matches its schema, and has no field that the schema does not name",
  ({ entries }) => {
    const asked = new Map<unknown, string>();
    let checked = 0;
    for (const entry of entries) {
      const found = saidIn(entry, asked);
      if (!found) continue;
      checked += 1;
      expect(found.schema, JSON.stringify(entry)).toBeDefined();
      expect(found.schema?.safeParse(found.said), JSON.stringify(entry)).toEqual({ success: true, data: found.said });
    }
    expect(checked).toBeGreaterThan(5);
  },
);

test.each(transcripts)("$file goes forward in time, cites clauses of SPEC, and holds no token, ticket or SDP", ({ entries }) => {
  const instants = entries.map(({ at }) => Number(at));
  expect(instants).toEqual(instants.toSorted((a, b) => a - b));
  for (const clause of entries.flatMap(({ clauses }) => (clauses ?? []) as string[])) expect(spec).toContain(`- **${clause}** `);
  const text = JSON.stringify(entries);
  expect(text).not.toMatch(/v=0|a=ice-ufrag|127\.0\.0\.1/);
  for (const [jws] of text.matchAll(/eyJ[\w-]+\.[\w-]+\.[\w-]+/g))
    expect(JSON.parse(Buffer.from(jws.split(".")[0] ?? "", "base64url").toString())).toMatchObject({
      typ: "tether-permit",
      kid: "transcript",
    });
  for (const [, ticket] of text.matchAll(/"ticket":"([^"]*)"/g)) expect(ticket).toMatch(/^<ticket \d+>$/);
});
