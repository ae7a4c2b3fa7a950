import { install, runTool } from "./tool.ts";

type Issue = { readonly name: string; readonly line?: number };
type Found = { readonly file: string } & { readonly [kind: string]: string | readonly (Issue | readonly Issue[])[] };

/** The finding that each list of the tool's report stands for. */
const says: Readonly<Record<string, string>> = {
  files: "is used by nothing",
  dependencies: "is declared and used by nothing",
  devDependencies: "is declared and used by nothing",
  unlisted: "is used and not declared",
  unresolved: "is imported and not there",
  exports: "is exported and used in its own file only, if at all",
  types: "is exported and used in its own file only, if at all",
  duplicates: "is exported twice",
};

/** Files, exports and dependencies that nothing uses, and dependencies that nothing declares; `knip.json` says where it begins to look. */
export async function unused(root: string): Promise<string[]> {
  const missing = await install();
  if (missing.length > 0) return missing;
  const args = ["--reporter", "json", "--no-progress", "--include", Object.keys(says).join(",")];
  const { stdout, stderr } = await runTool(root, "knip/bin/knip.js", args);
  if (!stdout.trim().startsWith("{")) return [`knip could not read the project: ${stderr.trim() || stdout.trim()}`];
  const { issues }: { issues: readonly Found[] } = JSON.parse(stdout);
  return issues.flatMap((found) =>
    Object.entries(says).flatMap(([kind, why]) => {
      const list = found[kind];
      if (!Array.isArray(list)) return [];
      return list.flat().map(({ name, line }: Issue) => `${found.file}${line === undefined ? "" : `:${line}`}: ${name} ${why}.`);
    }),
  );
}
