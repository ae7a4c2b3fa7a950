import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { documents } from "../packages/protocol/src/document/file.ts";
import { type JsonSchema, jsonSchemaOf, type Side, wireSchemas } from "../packages/protocol/src/document/json-schema.ts";

const folder = "packages/protocol";

/** The tables of SPEC.md by the headers of their first columns, in the order in which they stand there. */
const tables: readonly (readonly [header: string, side: Side])[] = [
  ["Type", "to-broker"],
  ["Type", "from-broker"],
  ["Type", "control-to-robot"],
  ["Type", "control-to-operator"],
  ["Type", "events-to-robot"],
  ["Type", "events-to-operator"],
  ["Type", "media-to-robot"],
  ["Type", "media-to-operator"],
  ["Claim", "permit"],
  ["Body", "http"],
];

type Row = { readonly names: readonly string[]; readonly fields: readonly string[]; readonly clauses: readonly string[] };

const quoted = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word);

/** The tables whose rows name something of the wire: the first column the name, the second its fields, the last its clauses. */
function tablesOf(spec: string): { readonly header: string; readonly rows: readonly Row[] }[] {
  const found: { header: string; rows: Row[] }[] = [];
  let rows: Row[] | undefined;
  for (const line of spec.split("\n")) {
    const cells = line.startsWith("|")
      ? line
          .slice(1, -1)
          .split("|")
          .map((cell) => cell.trim())
      : undefined;
    const [first = "", second = ""] = cells ?? [];
    if (!cells) rows = undefined;
    else if (!rows) {
      rows = [];
      found.push({ header: first, rows });
    } else if (!first.startsWith("---")) {
      const clauses = [...(cells.at(-1) ?? "").matchAll(/[A-Z]+\d+(?:\.\d+)?/g)].map(([clause]) => clause);
      rows.push({ names: quoted(first), fields: quoted(second), clauses });
    }
  }
  return found.filter(({ header }) => tables.some(([of]) => of === header));
}

/** The fields of a schema, one that may be left out with `?`. `type` goes without saying. */
function fieldsOf({ properties = {}, required = [] }: JsonSchema): string[] {
  const names = Object.keys(properties as object).filter((name) => name !== "type" || !isLiteral((properties as JsonSchema).type));
  return names.map((name) => ((required as readonly string[]).includes(name) ? name : `${name}?`));
}

const isLiteral = (property: unknown) => typeof property === "object" && property !== null && "const" in property;

/** Where SPEC.md's tables and the schemas differ, and where they cite what is no clause. */
export function wireTables(spec: string): string[] {
  const clauses = new Set([...spec.matchAll(/^- \*\*([A-Z]+\d+(?:\.\d+)?)\*\* /gm)].map(([, id]) => id));
  const found = tablesOf(spec);
  if (found.length !== tables.length || found.some(({ header }, at) => header !== tables[at]?.[0]))
    return [`SPEC.md has ${found.length} tables of the wire; there are ${tables.length}, in the order of check/wire.ts.`];
  return found.flatMap(({ rows }, at) => {
    const side = tables[at]?.[1] ?? "permit";
    const findings = rows.flatMap((row) =>
      row.clauses.length === 0
        ? [`SPEC.md, ${side}: ${row.names.join(", ")} has no clause.`]
        : row.clauses
            .filter((id) => !clauses.has(id))
            .map((id) => `SPEC.md, ${side}: ${row.names.join(", ")} cites ${id}, which is not there.`),
    );
    const told = side === "permit" ? { permit: rows.flatMap(({ names }) => names) } : fieldsByName(rows);
    const are = Object.fromEntries(Object.entries(wireSchemas[side]).map(([name, schema]) => [name, fieldsOf(jsonSchemaOf(schema))]));
    for (const name of new Set([...Object.keys(told), ...Object.keys(are)])) {
      const [says, is] = [told[name]?.join(", "), are[name]?.join(", ")];
      if (says !== is)
        findings.push(`SPEC.md, ${side}: ${name} has the fields (${says ?? "none: no row"}); its schema has (${is ?? "none: no schema"}).`);
    }
    return findings;
  });
}

function fieldsByName(rows: readonly Row[]): Record<string, readonly string[]> {
  return Object.fromEntries(rows.flatMap(({ names, fields }) => names.map((name) => [name, fields])));
}

const kebab = (name: string) => name.replace(/(?<!^)[A-Z]/g, "-$&").toLowerCase();

/** Messages without golden examples, good and bad, and examples of what is no message. */
export function goldenFiles(paths: readonly string[]): string[] {
  const there = new Set(paths.filter((path) => path.startsWith(`${folder}/golden/`)));
  const wanted = Object.entries(wireSchemas).flatMap(([side, schemas]) =>
    Object.keys(schemas).flatMap((name) =>
      ["good", "bad"].map((kind) => `${folder}/golden/${side}/${side === "http" ? kebab(name) : name}.${kind}.json`),
    ),
  );
  return [
    ...wanted.filter((path) => !there.has(path)).map((path) => `${path} is missing.`),
    ...[...there].filter((path) => !wanted.includes(path)).map((path) => `${path} is of no message.`),
  ];
}

/** Generated documents that are not what is committed. */
export function wireDocuments(textOf: (path: string) => string | undefined): string[] {
  return Object.entries(documents())
    .filter(([path, text]) => textOf(`${folder}/${path}`) !== text)
    .map(([path]) => `${folder}/${path} is stale; run node check/wire.ts --write.`);
}

if (import.meta.main && process.argv.includes("--write")) {
  const root = join(import.meta.dirname, "..", folder);
  for (const [path, text] of Object.entries(documents())) writeFileSync(join(root, path), text);
}
if (import.meta.main && process.argv.includes("--tables"))
  process.stdout.write(`${wireTables(readFileSync(join(import.meta.dirname, "..", folder, "SPEC.md"), "utf8")).join("\n")}\n`);
