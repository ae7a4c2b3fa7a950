import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile, entriesOf, writeLibrary } from "../library.ts";
import { root } from "../package.ts";

const folder = import.meta.dirname;
const work = join(root, "dist/pack/reference");

/** Aliases that say nothing by themselves: what they stand for is shown where they are used. */
const aliases = [
  "Handler",
  "Of",
  "Proof",
  "Field",
  "Optional",
  "Picture",
  "Sent",
  "NameIn",
  "Known",
  "State",
  "causes",
  "channels",
  "own",
  "problems",
];

function run(program: string, args: readonly string[], cwd: string): void {
  const { status } = spawnSync(program, args, { cwd, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) throw new Error(`${program} failed.`);
}

// The reference is made of what is published, and not of the sources.
if (!existsSync(join(folder, "node_modules/typedoc"))) run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], folder);
compile(["protocol", "sdk"]);
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
writeLibrary("sdk", work);
writeFileSync(join(work, "package.json"), JSON.stringify({ name: "@tether/sdk", type: "module" }));
const entries = Object.values(entriesOf("sdk")).map((source) => join(work, source.replace("./src/", "dist/").replace(/\.tsx?$/, ".d.ts")));
const compilerOptions = {
  module: "nodenext",
  target: "es2022",
  lib: ["es2023", "dom"],
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  types: [],
};
writeFileSync(join(work, "tsconfig.json"), JSON.stringify({ compilerOptions, files: entries }));
const options = {
  plugin: [join(folder, "node_modules/typedoc-plugin-markdown/dist/index.js")],
  tsconfig: join(work, "tsconfig.json"),
  entryPoints: entries,
  basePath: join(work, "dist"),
  out: join(root, "docs/api"),
  outputFileStrategy: "modules",
  router: "module",
  readme: "none",
  name: "@tether/sdk",
  skipErrorChecking: true,
  disableSources: true,
  hideBreadcrumbs: true,
  hidePageHeader: true,
  includeVersion: false,
  gitRevision: "main",
  intentionallyNotExported: aliases,
  // A type that is reachable and not exported is a fault of the package.
  validation: { notExported: true, invalidLink: true },
  treatValidationWarningsAsErrors: true,
};
writeFileSync(join(work, "typedoc.json"), JSON.stringify(options));
run(process.execPath, [join(folder, "node_modules/typedoc/bin/typedoc"), "--options", join(work, "typedoc.json")], root);
