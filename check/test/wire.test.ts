import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listPaths } from "../tree.ts";
import { goldenFiles, wireDocuments, wireTables } from "../wire.ts";

const root = join(import.meta.dirname, "../..");
const spec = readFileSync(join(root, "packages/protocol/SPEC.md"), "utf8");

test("a schema without a row, a row without a schema, and one of other fields are named", () => {
  expect(wireTables(spec)).toEqual([]);
  const row = "| `resumed` | `stop` |";
  expect(wireTables(spec.replace(row, "| `gone` | `stop` |"))).toEqual([
    "SPEC.md, events-to-operator: gone has the fields (stop); its schema has (none: no schema).",
    "SPEC.md, events-to-operator: resumed has the fields (none: no row); its schema has (stop).",
  ]);
  expect(wireTables(spec.replace(row, "| `resumed` | `stop?` |"))).toEqual([
    "SPEC.md, events-to-operator: resumed has the fields (stop?); its schema has (stop).",
  ]);
});

test("a message without a clause, or with one that is not there, is named", () => {
  const cited = "The holder resumed from it. To everyone. | R32 |";
  expect(wireTables(spec.replace(cited, "The holder resumed. | |"))).toEqual(["SPEC.md, events-to-operator: resumed has no clause."]);
  expect(wireTables(spec.replace(cited, "The holder resumed. | R999 |"))).toEqual([
    "SPEC.md, events-to-operator: resumed cites R999, which is not there.",
  ]);
});

test("a message without golden examples, and examples of none, are named", () => {
  const paths = listPaths(root);
  expect(goldenFiles(paths)).toEqual([]);
  const lost = "packages/protocol/golden/events-to-robot/clock.bad.json";
  expect(goldenFiles(paths.filter((path) => path !== lost))).toEqual([`${lost} is missing.`]);
  const left = "packages/protocol/golden/to-broker/control.grant.good.json";
  expect(goldenFiles([...paths, left])).toEqual([`${left} is of no message.`]);
});

test("a schema that was changed without its document is named", () => {
  const textOf = (path: string) => readFileSync(join(root, path), "utf8");
  expect(wireDocuments(textOf)).toEqual([]);
  expect(wireDocuments((path) => (path.endsWith("asyncapi.json") ? undefined : textOf(path)))).toEqual([
    "packages/protocol/schema/asyncapi.json is stale; run node check/wire.ts --write.",
  ]);
});
