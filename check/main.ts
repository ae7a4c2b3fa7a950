import { join } from "node:path";
import { ambience } from "./ambient.ts";
import { computedImports } from "./computed.ts";
import { descriptionsRead } from "./description.ts";
import { doc, docPath } from "./doc.ts";
import { graph } from "./graph/graph.ts";
import { unused } from "./graph/unused.ts";
import { name } from "./name.ts";
import { report } from "./report.ts";
import { isSized, size } from "./size.ts";
import { spec } from "./spec.ts";
import { run } from "./tool.ts";
import { transaction } from "./transaction.ts";
import { isCode, listPaths, readFiles } from "./tree.ts";
import { goldenFiles, wireDocuments, wireTables } from "./wire.ts";
import { glossaryPath, retiredNames } from "./word.ts";

const root = join(import.meta.dirname, "..");
const paths = listPaths(root);
const files = readFiles(
  root,
  paths.filter((path) => isCode(path) || /(^|\/)package\.json$/.test(path)),
);
const textOf = (path: string) => (paths.includes(path) ? readFiles(root, [path])[0]?.text : undefined);

const projects = paths.filter((path) => /^((packages\/[^/]+|infra)\/)?tsconfig\.json$/.test(path));
const tests = files.filter(({ path }) => /^packages\/[^/]+\/test\//.test(path));

process.exitCode = await report(
  (line) => process.stdout.write(`${line}\n`),
  [
    ["format and lint", () => run(root, "biome", ["ci", "--colors=off", "."])],
    ...projects.map((path) => [`types: ${path}`, () => run(root, "tsc", ["-p", path, "--pretty", "false"])] as const),
    ["imports and cycles", async () => [...(await graph(root, paths)), ...computedImports(files)]],
    ["unused", () => unused(root)],
    ["file sizes", () => size(readFiles(root, paths.filter(isSized)))],
    ["ambient", () => ambience(files)],
    ["descriptions", () => descriptionsRead(files)],
    ["names", () => name(paths)],
    ["transactions", () => transaction(files)],
    ["words", () => retiredNames(textOf(glossaryPath), files)],
    ["schemas", () => wireDocuments(textOf)],
    ["golden examples", () => goldenFiles(paths)],
    ["tables of SPEC.md", () => wireTables(textOf("packages/protocol/SPEC.md") ?? "")],
    ["clauses", () => spec(textOf("packages/protocol/SPEC.md") ?? "", tests)],
    [docPath, () => doc(textOf(docPath))],
  ],
);
