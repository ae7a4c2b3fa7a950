import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";
import { expect, test } from "vitest";
import { project } from "./stand-in/deploy.ts";

const { default: plugins }: { default: Plugin[] } = await import(join(project, "infra/bundle/plugin.mjs"));
const { asEsModule }: { asEsModule: (source: string) => string } = await import(join(project, "infra/bundle/es-module.mjs"));

const electrodb = join(project, "node_modules/electrodb");

const bundled = (entry: string) =>
  build({
    entryPoints: [join(project, entry)],
    bundle: true,
    platform: "node",
    format: "cjs",
    mainFields: ["module", "main"],
    plugins,
    metafile: true,
    write: false,
  });

test("a bundle's ElectroDB is handed every command that it makes, and the document client's own", async () => {
  const source = readFileSync(join(electrodb, "src/client.js"), "utf8");
  const made = new Set([...source.matchAll(/new this\.lib\.(\w+)/g)].map(([, name]) => name));
  const handed: Record<string, unknown> = await import(join(project, "infra/bundle/commands.mjs"));
  expect(Object.keys(handed).sort()).toEqual([...made].sort());
  expect(await import("@aws-sdk/lib-dynamodb")).toMatchObject(handed);
});

test("each module of ElectroDB exports as an ES module what it exports as it is", async () => {
  const files = readdirSync(join(electrodb, "src")).map((name) => join(electrodb, "src", name));
  for (const file of [join(electrodb, "index.js"), ...files]) {
    const [, names = ""] = /^export \{([^}]+)\};$/m.exec(asEsModule(readFileSync(file, "utf8"))) ?? [];
    const exported = names.split(",").flatMap((name) => name.trim().split(" as ").at(-1) || []);
    const { default: genuine }: { default: object } = await import(file);
    expect(exported.sort(), file).toEqual(Object.keys(genuine).sort());
  }
});

test("what cannot be made an ES module is refused", () => {
  const late = 'function load() {\n  return require("./late");\n}\nmodule.exports = { load };\n';
  expect(() => asEsModule(late)).toThrow('return require("./late");');
  expect(() => asEsModule("exports.one = 1;\n")).toThrow("exports.one = 1;");
  expect(() => asEsModule("module.exports = 1;\n")).toThrow("module.exports = 1;");
});

test.each([
  ["authorizer", "packages/broker/src/lambda/authorizer.ts", []],
  ["broker", "packages/broker/src/lambda/broker.ts", ["event-streams.mjs"]],
  ["sweeper", "packages/broker/src/lambda/sweeper.ts", ["event-streams.mjs"]],
])("the %s's bundle holds no module that is parsed twice, but the stand-in for event streams", async (_, entry, standIns) => {
  const { metafile, outputFiles } = await bundled(entry);
  const [output] = Object.values(metafile.outputs);
  const held = Object.keys(output?.inputs ?? {}).filter((path) => output?.inputs[path]?.bytesInOutput);
  expect(held.filter((path) => metafile.inputs[path]?.format === "cjs")).toEqual([]);
  // A late import is a function, with all that the module imports.
  const wrapped = [...(outputFiles[0]?.text ?? "").matchAll(/__esm\(\{\n\s*"([^"]+)"/g)].map(([, path = ""]) => path.split("/").at(-1));
  expect(wrapped).toEqual(standIns);
});
