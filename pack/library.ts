import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { readWorkspace, root, workFolder } from "./package.ts";

const compiledDir = () => workFolder("compiled");

/** Compiles the public entries of the packages, and all that they import of ours, to modules, declarations and source maps. */
export function compile(folders: readonly string[]): void {
  rmSync(compiledDir(), { recursive: true, force: true });
  const entries = folders.flatMap((folder) => Object.values(entriesOf(folder)).map((entry) => join(root, "packages", folder, entry)));
  const config = workFolder("tsconfig.json");
  // The compiler writes nothing for what it finds by way of node_modules, where the workspaces are linked.
  const paths = Object.fromEntries(folders.flatMap(sourcesOf));
  write(
    config,
    JSON.stringify({ extends: join(root, "pack/tsconfig.json"), compilerOptions: { paths, outDir: compiledDir() }, files: entries }),
  );
  const { status, stdout } = spawnSync(process.execPath, [join(root, "node_modules/.bin/tsc"), "-p", config, "--pretty", "false"], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the packages do not compile:\n${stdout}`);
}

/** The modules of a workspace by the names that others import, with their sources. */
function sourcesOf(folder: string): [string, string[]][] {
  const { name, exports = {} } = readWorkspace(folder);
  return Object.entries(exports).map(([entry, source]) => [entry.replace(".", name), [join(root, "packages", folder, source)]]);
}

/** The public entries of a package by their sources, e.g. `"./client": "./src/client/index.ts"`. */
export function entriesOf(folder: string): Readonly<Record<string, string>> {
  return readWorkspace(folder).publishConfig?.exports ?? {};
}

/** The `exports` of a built library: each entry with its declarations and its module. */
export function exportsOf(folder: string): Record<string, unknown> {
  const entries = Object.entries(entriesOf(folder)).map(([name, source]) => {
    const base = source.replace("./src/", "./dist/").replace(/\.tsx?$/, "");
    return [name, { types: `${base}.d.ts`, default: `${base}.js` }];
  });
  return Object.fromEntries([...entries, ["./package.json", "./package.json"]]);
}

const specifier = /(\bfrom\s*|\bimport\s*\(?\s*)(["'])([^"'\n]+)\2/g;

/**
 * Writes to `dist` of `target` what the entries of a package reach. Packages of ours that it imports come along, each in a folder of its name:
 * no registry holds them, so a dependency on them could not be installed. Answers the names of the packages of others that are imported.
 */
export function writeLibrary(folder: string, target: string): ReadonlySet<string> {
  const others = new Set<string>();
  const waiting = Object.values(entriesOf(folder)).flatMap((source) => {
    const base = posix.join(folder, source.replace(/\.tsx?$/, ""));
    return [`${base}.js`, `${base}.d.ts`];
  });
  const done = new Set<string>();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (done.has(path)) continue;
    done.add(path);
    const from = path;
    const text = readFileSync(join(compiledDir(), path), "utf8").replace(
      specifier,
      (match, before: string, quote: string, name: string) => {
        const imported = fileOf(from, name);
        if (imported === undefined) {
          others.add(name.split("/", name.startsWith("@") ? 2 : 1).join("/"));
          return match;
        }
        waiting.push(imported);
        const way = posix.relative(posix.dirname(placeOf(folder, from)), placeOf(folder, imported)).replace(/\.d\.ts$/, ".js");
        return `${before}${quote}${way.startsWith(".") ? way : `./${way}`}${quote}`;
      },
    );
    // Schemas have no effect: a bundler may leave out those that a page does not use.
    const pure = path.endsWith(".js") ? text.replace(/(?<![.\w])(z\.\w+|Text\.check|forgiving)\(/g, "/* @__PURE__ */ $1(") : text;
    write(join(target, "dist", placeOf(folder, path)), pure);
    if (path.endsWith(".js")) write(join(target, "dist", `${placeOf(folder, path)}.map`), sourceMap(path));
  }
  return others;
}

/** The compiled file that a module or a declaration imports, if it is one of ours. */
function fileOf(from: string, name: string): string | undefined {
  const kind = from.endsWith(".d.ts") ? ".d.ts" : ".js";
  if (name.startsWith(".")) return posix.join(posix.dirname(from), name.replace(/\.(tsx?|js)$/, kind));
  const [, folder, entry] = /^@tether\/([^/]+)\/(.+)$/.exec(name) ?? [];
  if (folder === undefined || entry === undefined) return undefined;
  const { exports = {} } = readWorkspace(folder);
  const source = exports[`./${entry}`] ?? exports["./*"]?.replace("*", entry);
  const path = source && posix.join(folder, source.replace(/\.tsx?$/, kind));
  if (!path || !existsSync(join(compiledDir(), path))) throw new Error(`${from} imports ${name}, which was not compiled.`);
  return path;
}

/** The place of a compiled file within `dist`: the package's own without `src`, others beneath their name. */
function placeOf(folder: string, path: string): string {
  const place = path.replace(/^([^/]+)\/src\//, "$1/");
  return place.startsWith(`${folder}/`) ? place.slice(folder.length + 1) : place;
}

/** The map of a compiled module. It carries its source, which is not at the place that the compiler noted. */
function sourceMap(path: string): string {
  const map = JSON.parse(readFileSync(join(compiledDir(), `${path}.map`), "utf8"));
  return JSON.stringify({ ...map, sources: map.sources.map((source: string) => source.replace(/^.*\/packages\//, "packages/")) });
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
