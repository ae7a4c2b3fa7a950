import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../package.ts";

const tools = join(import.meta.dirname, "node_modules");

/** Runs a program to its end. Throws with what it printed where it failed. */
export function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: "utf8", maxBuffer: 1 << 26 });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${stdout}${stderr}${error?.message ?? ""}`);
  return stdout;
}

/** The Nodes that the packages are tried on, by their name, with the path of each. */
export const nodes = {
  "Node 20.0": join(tools, "node-20.0/bin/node"),
  "Node 20": join(tools, "node-20/bin/node"),
  "Node 22": join(tools, "node-22/bin/node"),
  "this Node": process.execPath,
} as const;

/** The compilers that the packages' types are tried with. */
export const compilers = {
  "TypeScript 5.7": join(tools, "typescript-5.7/bin/tsc"),
  "TypeScript 5.9": join(tools, "typescript-5.9/bin/tsc"),
  "TypeScript 6": join(tools, "typescript-6.0/bin/tsc"),
  "TypeScript 7": join(root, "node_modules/.bin/tsc"),
} as const;

/** A program of the tools that look at a tarball. */
export const toolPath = (name: "attw" | "publint") => join(tools, ".bin", name);

/** Installs what the packages are tried with, once. */
export function installTools(): void {
  if (Object.values({ ...nodes, ...compilers }).every((path) => existsSync(path))) return;
  run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], import.meta.dirname);
}

/** Makes a project with nothing but the tarballs and what an application brings, and copies the trial's sources into it. */
export function makeProject(folder: string, tarballs: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "app", private: true, type: "module" }));
  const others = ["react", "react-dom", "@types/react", "@types/react-dom", "@types/node", "ws", "@types/ws"];
  const all = others.map((name) => `${name}@${versionOf(name)}`);
  run("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error", ...tarballs, ...all], folder);
  cpSync(join(import.meta.dirname, "project"), folder, { recursive: true });
}

function versionOf(name: string): string {
  return JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")).version;
}

type Project = { readonly files: readonly string[]; readonly lib: readonly string[]; readonly types?: readonly string[] };

/** The two kinds of programs: a robot's, which knows no DOM, and a page's. */
export const projects: Readonly<Record<"robot" | "page", Project>> = {
  robot: { files: ["robot.ts"], lib: ["es2022"], types: ["node"] },
  page: { files: ["client.ts", "page.tsx", "embed.tsx", "vite-env.d.ts"], lib: ["es2022", "dom", "dom.iterable"] },
};

/** Checks a project's types as strictly as can be: declarations too, and the rules that not everyone turns on. */
export function checkTypes(
  folder: string,
  compiler: string,
  { files, lib, types = [] }: Project,
  resolution: "bundler" | "nodenext",
): void {
  const config = join(folder, "tsconfig.json");
  const compilerOptions = {
    ...{ strict: true, skipLibCheck: false, noEmit: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
    ...{ target: "es2022", module: resolution === "bundler" ? "esnext" : "nodenext", moduleResolution: resolution },
    ...{ jsx: "react-jsx", allowImportingTsExtensions: true, lib, types },
  };
  writeFileSync(config, JSON.stringify({ compilerOptions, files }));
  run(process.execPath, [compiler, "-p", config, "--pretty", "false"], folder);
}
