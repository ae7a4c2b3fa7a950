import { spawnSync } from "node:child_process";
import { readWorkspace, root } from "./package.ts";

/** The facts of a built package. */
export type Built = {
  readonly folder: string;
  /** Instead of the workspace's. */
  readonly version: string | undefined;
  readonly repository: string | undefined;
  readonly exports: Readonly<Record<string, unknown>>;
  /** Packages of others that its modules and declarations import. */
  readonly imported: ReadonlySet<string>;
  readonly files: readonly string[];
  readonly bin?: Readonly<Record<string, string>>;
  /** Packages that stay outside of a program's bundle. */
  readonly native?: readonly string[];
};

/** The workspaces that a library has inside, and so the dependencies that it takes over. */
const sources = ["protocol", "sdk", "console"];

/** The package.json of a package that is to be installed, made of its workspace's. */
export function manifest({ folder, version, repository, exports, imported, files, bin, native = [] }: Built): object {
  const { name, description, engines, peerDependenciesMeta, publishConfig, ...workspace } = readWorkspace(folder);
  const peerDependencies = publishConfig?.peerDependencies ?? workspace.peerDependencies;
  const declared = Object.assign({}, ...sources.map((source) => readWorkspace(source).dependencies), workspace.dependencies);
  const versionOf = (dependency: string, range: "" | "^") => {
    if (declared[dependency] === undefined) throw new Error(`${name} imports ${dependency}, which it does not declare.`);
    return [dependency, `${range}${declared[dependency]}`] as const;
  };
  // An application may use the same library, and both should get along with one. A native part fits the bundle that it was tried with.
  const libraries = [...imported].filter((one) => !(one in (peerDependencies ?? {})));
  const dependencies = [...libraries.map((one) => versionOf(one, "^")), ...native.map((one) => versionOf(one, ""))];
  return {
    name,
    version: version ?? workspace.version,
    description,
    license: "Apache-2.0",
    ...(repository && { repository: { type: "git", url: repository, directory: `packages/${folder}` } }),
    type: "module",
    ...(bin ? { bin } : { sideEffects: folder === "console" ? ["./dist/element.js", "*.css"] : false }),
    exports,
    files,
    engines,
    dependencies: Object.fromEntries(dependencies.sort()),
    ...(peerDependencies && { peerDependencies, ...(peerDependenciesMeta && { peerDependenciesMeta }) }),
  };
}

/** The address that this clone came from, without a name or password in it; undefined where it came from none that others can reach. */
export function originOf(): string | undefined {
  const { status, stdout } = spawnSync("git", ["remote", "get-url", "origin"], { cwd: root, encoding: "utf8" });
  const url = status === 0 ? stdout.trim() : "";
  return /^(https:|git@|ssh:|git:)/.test(url) ? url.replace(/^https:\/\/[^@/]*@/, "https://") : undefined;
}
