import { spawn, spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Packed, pack } from "../pack.ts";
import { root } from "../package.ts";

const folder = mkdtempSync(join(tmpdir(), "pack-"));
let packed: readonly Packed[] = [];

/** The unpacked package: its files by their path, as text. */
const filesOf = (name: string) => {
  const at = join(folder, "unpacked", name, "package");
  const paths = readdirSync(at, { recursive: true, encoding: "utf8" }).filter((path) => statSync(join(at, path)).isFile());
  return new Map(paths.map((path) => [path, readFileSync(join(at, path), "utf8")]));
};

const unpack = (file: string, name: string) => {
  const to = join(folder, "unpacked", name);
  spawnSync("mkdir", ["-p", to]);
  expect(spawnSync("tar", ["-xzf", file, "-C", to]).status).toBe(0);
};

/** The files that another process makes of the same sources at the same time. */
let beside: Promise<unknown>;

beforeAll(async () => {
  const args = [join(root, "pack/main.ts"), "--out", join(folder, "beside"), "--version", "1.2.3"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  beside = new Promise((resolve) => child.once("close", resolve));
  packed = await pack({ out: join(folder, "out"), version: "1.2.3" });
  for (const { name, file } of packed) unpack(join(folder, "out", file), name);
});
afterAll(() => rmSync(folder, { recursive: true }));

test("each package is a tarball of the version that was asked for, with its licence, notice and changelog", () => {
  expect(packed.map(({ file }) => file)).toEqual([
    "tether-protocol-1.2.3.tgz",
    "tether-sdk-1.2.3.tgz",
    "tether-console-1.2.3.tgz",
    "tether-cli-1.2.3.tgz",
    "tether-agent-1.2.3.tgz",
  ]);
  for (const { name } of packed) {
    const files = filesOf(name);
    for (const path of ["LICENSE", "NOTICE", "CHANGELOG.md", "README.md"]) expect(files.has(path), `${name} ${path}`).toBe(true);
    expect(JSON.parse(files.get("package.json") ?? "")).toMatchObject({ version: "1.2.3", license: "Apache-2.0", type: "module" });
  }
});

test("the protocol's package has SPEC, and every schema, example and vector", () => {
  const files = filesOf("@tether/protocol");
  const at = join(root, "packages/protocol");
  const documents = ["schema", "golden", "vectors", "transcript"].flatMap((one) => globSync(`${one}/**/*.json`, { cwd: at }));
  expect(documents.length).toBeGreaterThan(100);
  for (const path of ["SPEC.md", ...documents]) expect(files.get(path), path).toBe(readFileSync(join(at, path), "utf8"));
});

test("no package needs one of ours, which no registry holds, and none names a path of the machine that built it", () => {
  for (const { name } of packed) {
    for (const [path, text] of filesOf(name)) {
      if (!/\.(js|ts|map)$/.test(path)) continue;
      if (/\.(js|ts)$/.test(path)) expect(text, `${name} ${path}`).not.toMatch(/(from|import\(?)\s*["']@tether\//);
      expect(text.includes(import.meta.dirname.replace(/\/pack\/test$/, "")), `${name} ${path}`).toBe(false);
    }
    const { dependencies = {} } = JSON.parse(filesOf(name).get("package.json") ?? "");
    expect(Object.keys(dependencies).filter((dependency) => dependency.startsWith("@tether/"))).toEqual([]);
  }
});

test("entries are listed one by one, each with its module and its declarations, and all modules have a source map with their source", () => {
  for (const name of ["@tether/protocol", "@tether/sdk"]) {
    const files = filesOf(name);
    const { exports } = JSON.parse(files.get("package.json") ?? "");
    for (const [entry, targets] of Object.entries<string | Record<string, string>>(exports)) {
      expect(entry).not.toContain("*");
      for (const target of typeof targets === "string" ? [targets] : Object.values(targets))
        expect(files.has(target.replace("./", "")), `${name} ${entry}: ${target}`).toBe(true);
    }
    for (const path of [...files.keys()].filter((path) => path.endsWith(".js"))) {
      const map = JSON.parse(files.get(`${path}.map`) ?? "{}");
      expect(map.sources?.[0], path).toMatch(/^packages\/.*\.tsx?$/);
      expect(map.sourcesContent?.[0], path).toBeTypeOf("string");
    }
  }
});

test("the same sources give the same bytes, although another process builds them at the same time", async () => {
  expect(await beside).toBe(0);
  expect(JSON.parse(readFileSync(join(folder, "beside/packages.json"), "utf8"))).toEqual(packed);
});

test("a client that attaches, connects and drives is at most 35 KB, minified and gzipped", async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { attach } from "@tether/sdk/client"; export { follow } from "@tether/sdk/peer";`,
      resolveDir: import.meta.dirname,
    },
    alias: Object.fromEntries(
      ["client", "peer"].map((entry) => [`@tether/sdk/${entry}`, join(folder, "unpacked/@tether/sdk/package/dist", entry, "index.js")]),
    ),
    nodePaths: [join(import.meta.dirname, "../../node_modules")],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  expect(gzipSync(outputFiles[0]?.contents ?? "").length).toBeLessThanOrEqual(35 * 1024);
});
