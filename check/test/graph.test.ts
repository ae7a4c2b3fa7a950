import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { graph } from "../graph/graph.ts";
import { listPaths } from "../tree.ts";

/** A small tree with the shape of the project: its packages find each other, and modules of npm, through `node_modules`. */
const good: Readonly<Record<string, string>> = {
  "package.json": JSON.stringify({ name: "tree", private: true, workspaces: ["packages/*"], devDependencies: { vitest: "1" } }),
  "packages/protocol/package.json": manifest("protocol", { zod: "1" }),
  "packages/protocol/src/id.ts": 'import * as z from "zod/mini";\nexport const id = z;',
  "packages/protocol/src/limits.ts": "export const limits = 1;",
  "packages/core/package.json": manifest("core", { "@tether/protocol": "1", ulid: "1" }),
  "packages/core/src/clock.ts": "export const clock = 1;",
  "packages/core/src/ticket/issue.ts":
    'import type { id } from "@tether/protocol/id";\nimport { ulid } from "ulid";\nimport { createHmac } from "node:crypto";\nimport { clock } from "../clock.ts";\nexport const issue = [ulid, createHmac, clock];\nexport type Id = typeof id;',
  "packages/core/test/issue.test.ts":
    'import "@tether/local/engine";\nimport { issue } from "../src/ticket/issue.ts";\nexport const a = issue;',
  "packages/sdk/package.json": manifest("sdk", { "@tether/protocol": "1" }, { react: "1" }),
  "packages/sdk/src/log.ts": '// import "ws"\nexport const text = `import "ws"`;',
  "packages/sdk/src/react/use-session.ts": 'import { useState } from "react";\nexport const use = useState;',
  "packages/local/package.json": manifest("local", { "@tether/core": "1", "@tether/sdk": "1", ws: "1" }),
  "packages/local/src/engine.ts":
    'import "ws";\nimport { spawn } from "node:child_process";\nimport { lifetime } from "../../../infra/lifetime.ts";\nexport { clock } from "@tether/core/clock";\nexport const a = [spawn, lifetime];',
  "infra/lifetime.ts": "export const lifetime = 1;",
  "infra/api.ts": 'import { limits } from "../packages/protocol/src/limits.ts";\nexport const a = limits;',
  "check/main.ts": "export const main = 1;",
};

/** Each adds one file to the tree and breaks one rule. */
const bad: readonly (readonly [what: string, rule: string, path: string, text: string])[] = [
  ["core in protocol", "protocol-ours", "packages/protocol/src/bad-core.ts", 'export { clock } from "@tether/core/clock";'],
  [
    "a type of core in sdk",
    "sdk-ours",
    "packages/sdk/src/bad-type.ts",
    'import type { clock } from "@tether/core/clock";\nexport type A = typeof clock;',
  ],
  [
    "a type by import() in sdk",
    "sdk-ours",
    "packages/sdk/src/bad-import-type.ts",
    'export type A = typeof import("@tether/core/clock").clock;',
  ],
  ["core in sdk at run time", "sdk-ours", "packages/sdk/src/bad-dynamic.ts", 'export const a = await import("@tether/core/clock");'],
  ["Node in sdk", "sdk-node", "packages/sdk/src/bad-node.ts", 'import { readFile } from "node:fs/promises";\nexport const a = readFile;'],
  [
    "React in sdk outside of its hooks",
    "sdk-others",
    "packages/sdk/src/bad-react.ts",
    'import { useState } from "react";\nexport const a = useState;',
  ],
  ["another module in the hooks", "sdk-react", "packages/sdk/src/react/bad-ws.ts", 'import "ws";'],
  ["files in core", "core-node", "packages/core/src/bad-files.ts", 'import { readFile } from "fs";\nexport const a = readFile;'],
  ["itself by its name", "core-itself", "packages/core/src/bad-self.ts", 'export { clock } from "@tether/core/clock";'],
  ["another package by its path", "local-path", "packages/local/src/bad-path.ts", 'export { clock } from "../../core/src/clock.ts";'],
  [
    "the infrastructure in core",
    "core-settings",
    "packages/core/src/bad-infra.ts",
    'export { lifetime } from "../../../infra/lifetime.ts";',
  ],
  ["the rest of the infrastructure", "local-settings", "packages/local/src/bad-infra.ts", 'export { a } from "../../../infra/api.ts";'],
  ["what a test is made of", "own-test", "packages/core/src/bad-test.ts", 'export { a } from "../test/issue.test.ts";'],
  ["what its manifest lacks", "undeclared", "packages/local/src/bad-undeclared.ts", 'import "ulid";'],
  ["what is not there", "unresolved", "packages/local/src/bad-missing.ts", 'import "./nowhere.ts";'],
  ["behaviour of a package in infra", "infra-packages", "infra/bad.ts", 'export { clock } from "../packages/core/src/clock.ts";'],
  [
    "a file that leads back",
    "file-cycle",
    "packages/core/src/bad-cycle-too.ts",
    'import type { A } from "./bad-cycle.ts";\nexport type B = A | 2;',
  ],
];

const root = mkdtempSync(join(tmpdir(), "tree-"));
let findings: readonly string[] = [];

function manifest(name: string, dependencies: object, peerDependencies: object = {}): string {
  const exports = { "./*": "./src/*.ts" };
  return JSON.stringify({ name: `@tether/${name}`, type: "module", exports, dependencies, peerDependencies });
}

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

beforeAll(() => {
  for (const [path, text] of Object.entries(good)) put(path, text);
  for (const name of ["zod", "ulid", "react", "ws"]) {
    put(
      `node_modules/${name}/package.json`,
      JSON.stringify({ name, version: "1.0.0", main: "index.js", exports: { ".": "./index.js", "./mini": "./index.js" } }),
    );
    put(`node_modules/${name}/index.js`, "module.exports = {};");
  }
  mkdirSync(join(root, "node_modules/@tether"));
  for (const name of ["protocol", "core", "sdk", "local"])
    symlinkSync(`../../packages/${name}`, join(root, `node_modules/@tether/${name}`));
});

afterAll(() => rmSync(root, { recursive: true }));

describe("imports along the tree", () => {
  test("are good", async () => {
    expect(await graph(root, listPaths(root))).toEqual([]);
  });
});

describe("imports against the tree", () => {
  beforeAll(async () => {
    for (const [, , path, text] of bad) put(path, text);
    put("packages/core/src/bad-cycle.ts", 'import type { B } from "./bad-cycle-too.ts";\nexport type A = B | 1;');
    put("packages/core/src/session/bad.ts", 'import { due } from "../control/bad-due.ts";\nexport const a = due;');
    put("packages/core/src/session/bad-live.ts", "export const live = 1;");
    put("packages/core/src/control/bad-due.ts", "export const due = 1;");
    put("packages/core/src/control/bad-hold.ts", 'import { live } from "../session/bad-live.ts";\nexport const a = live;');
    findings = await graph(root, listPaths(root));
  });

  test.each(bad)("%s is refused", (_, rule, path) => {
    expect(findings).toContainEqual(expect.stringMatching(`^${rule}: ${path}`));
  });

  test("two folders that need each other are refused, though no file does", () => {
    expect(findings).toContainEqual(
      expect.stringMatching("^folder-cycle: packages/core/src/session → packages/core/src/control → packages/core/src/session"),
    );
  });

  test("nothing else is", () => {
    const others = findings.filter((finding) => !finding.startsWith("folder-cycle") && !finding.includes("/bad"));
    expect(others).toEqual([]);
  });
});

test("a package without a rule is refused", async () => {
  expect(await graph(root, ["packages/stray/package.json"])).toEqual([expect.stringContaining("has no rule")]);
});

test("a file that the cruiser did not see is told, so that it cannot be content with nothing", async () => {
  expect(await graph(root, ["packages/core/src/unseen.ts"])).toEqual([expect.stringContaining("lacks 1 files")]);
});
