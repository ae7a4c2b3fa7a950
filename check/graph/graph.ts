import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Forbidden, packages, rules } from "./rules.ts";
import { install, runTool } from "./tool.ts";

type Violation = {
  readonly rule: { readonly name: string };
  readonly from: string;
  readonly to: string;
  readonly cycle?: readonly { readonly name: string }[];
};

/** The part of the cruiser's answer that is read here. */
type Cruised = {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: { readonly violations: readonly Violation[] };
};

const conditionNames = ["import", "node", "types", "default"];
const extensions = [".ts", ".tsx", ".js", ".mjs", ".cjs", ".d.ts"];
const options = {
  // Types count: what imports a type cannot be understood without it.
  tsPreCompilationDeps: true,
  doNotFollow: { path: "node_modules" },
  exclude: { path: "\\.sst/|/golden/|check/graph/node_modules" },
  enhancedResolveOptions: { exportsFields: ["exports"], conditionNames, extensions },
};

/** Imports that go against the tree, and cycles of files and of folders. `paths` are the files of the tree. */
export async function graph(root: string, paths: readonly string[]): Promise<string[]> {
  const unruled = paths.flatMap((path) => /^packages\/([^/]+)\/package\.json$/.exec(path)?.[1] ?? []).filter((name) => !packages[name]);
  if (unruled.length > 0) return unruled.map((name) => `packages/${name} has no rule in check/graph/rules.ts.`);
  const missing = await install();
  if (missing.length > 0) return missing;
  const { modules, summary } = await cruise(root, rules());
  // The cruiser finds nothing, and is content, where it has no TypeScript that it can read with.
  const expected = paths.filter((path) => /^(packages\/[^/]+\/src|infra|check)\/.*\.tsx?$/.test(path));
  const seen = new Set(modules.map(({ source }) => source));
  const unseen = expected.filter((path) => !seen.has(path));
  if (unseen.length > 0) return [`The import graph lacks ${unseen.length} files, the first of them ${unseen[0]}.`];
  return summary.violations
    .filter(isOfPackages)
    .map(({ rule, from, to, cycle }) =>
      cycle
        ? `${rule.name}: ${[from, ...cycle.map(({ name }) => name)].join(" → ")}`
        : `${rule.name}: ${from} imports ${to}: ${commentOf(rule.name)}.`,
    );
}

/** The infrastructure lends numbers to packages and takes some; as a folder it holds its tests too, which use all of them. */
function isOfPackages({ rule, from, cycle = [] }: Violation): boolean {
  return rule.name !== "folder-cycle" || [from, ...cycle.map(({ name }) => name)].every((folder) => folder.startsWith("packages/"));
}

function commentOf(name: string): string {
  return rules().find((rule) => rule.name === name)?.comment ?? name;
}

async function cruise(root: string, forbidden: readonly Forbidden[]): Promise<Cruised> {
  const folder = mkdtempSync(join(tmpdir(), "graph-"));
  try {
    const config = join(folder, "rules.json");
    writeFileSync(config, JSON.stringify({ forbidden, options }));
    const folders = ["packages", "infra", "check"].filter((name) => existsSync(join(root, name)));
    const out = join(folder, "graph.json");
    const args = ["--config", config, "--output-type", "json", "--output-to", out, ...folders];
    const { stderr } = await runTool(root, "dependency-cruiser/bin/dependency-cruiser.mjs", args);
    if (!existsSync(out)) throw new Error(`the import graph could not be read: ${stderr}`);
    return JSON.parse(readFileSync(out, "utf8"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
