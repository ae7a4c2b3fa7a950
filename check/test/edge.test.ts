import { describe, expect, test } from "vitest";
import { edge } from "../edge.ts";

const at = (path: string, text: string) => ({ path, text });
const manifest = (name: string, dependencies: Record<string, string>) =>
  at(`packages/${name}/package.json`, JSON.stringify({ dependencies }));

const protocol = manifest("protocol", { zod: "1" });
const core = manifest("core", { "@tether/protocol": "1", ulid: "1" });
const sdk = at(
  "packages/sdk/package.json",
  JSON.stringify({ dependencies: { "@tether/protocol": "1" }, peerDependencies: { react: "1" } }),
);
const local = manifest("local", { "@tether/core": "1", "@tether/sdk": "1", ws: "1", "@types/only": "1" });

describe("the imports of a source", () => {
  test.each([
    ["zod by its subpath in protocol", at("packages/protocol/src/a.ts", `import * as z from "zod/mini";`)],
    ["protocol in core", at("packages/core/src/a/b.ts", `import type { X } from "@tether/protocol/id";\nimport { c } from "../c.ts";`)],
    ["what core is given", at("packages/core/src/a.ts", `import { ulid } from "ulid";\nimport { createHmac } from "node:crypto";`)],
    [
      "core, sdk, Node and what it declares in local",
      at("packages/local/src/a.ts", `import "ws";\nimport "fs";\nexport * from "@tether/sdk/a";`),
    ],
    ["a module that only has types", at("packages/local/src/a.ts", `import type { A } from "only";`)],
    ["any package in a test", at("packages/core/test/a.test.ts", `import "@tether/local/engine";\nimport { a } from "../src/a.ts";`)],
    ["the lifetimes of infra in local", at("packages/local/src/a.ts", `import { lifetime } from "../../../infra/lifetime.ts";`)],
    ["React in the sdk's hooks", at("packages/sdk/src/react/a.ts", `import { useState } from "react";`)],
    ["the limits in infra", at("infra/api.ts", `import { limits } from "../packages/protocol/src/limits.ts";`)],
    ["what stands in a comment or a string", at("packages/sdk/src/a.ts", `// import "ws"\nconst text = \`import "\${"x"}ws"\`;`)],
  ])("may be %s", (_, file) => {
    expect(edge([protocol, core, sdk, local, file])).toEqual([]);
  });

  test.each([
    ["core in protocol", "packages/protocol/src/a.ts", `import { a } from "@tether/core/a";`],
    ["a type of core in sdk", "packages/sdk/src/a.ts", `import type { A } from "@tether/core/a";`],
    ["a type by import() in sdk", "packages/sdk/src/a.ts", `export type A = import("@tether/core/a").A;`],
    ["core in sdk by re-export", "packages/sdk/src/a.ts", `export * from "@tether/core/a";`],
    ["core in sdk at run time", "packages/sdk/src/a.ts", `const a = await import("@tether/core/a");`],
    ["core in sdk by require", "packages/sdk/src/a.ts", `const a = require("@tether/core/a");`],
    ["core in sdk over several lines", "packages/sdk/src/a.ts", `import {\n  a,\n  type B,\n} from '@tether/core/a';`],
    ["Node in sdk", "packages/sdk/src/a.ts", `import { readFile } from "node:fs/promises";`],
    ["React in sdk outside of its hooks", "packages/sdk/src/a.ts", `import { useState } from "react";`],
    ["zod in sdk", "packages/sdk/src/a.ts", `import "zod";`],
    ["files in core", "packages/core/src/a.ts", `import { readFile } from "fs";`],
    ["itself by name", "packages/core/src/a.ts", `import { a } from "@tether/core/a";`],
    ["another package by path", "packages/local/src/a.ts", `import { a } from "../../core/src/a.ts";`],
    ["the lifetimes of infra in core", "packages/core/src/a.ts", `import { lifetime } from "../../../infra/lifetime.ts";`],
    ["anything else of infra", "packages/local/src/a.ts", `import { a } from "../../../infra/api.ts";`],
    ["its test", "packages/core/src/a.ts", `import { a } from "../test/a.ts";`],
    ["a neighbour that begins alike", "packages/core/src/a.ts", `import { a } from "../src-old/a.ts";`],
    ["what is computed", "packages/core/src/a.ts", `await import(\`./\${name}.ts\`);`],
    ["what its manifest lacks", "packages/local/src/a.ts", `import "hono";`],
    ["a package in infra", "infra/api.ts", `import { a } from "@tether/core/a";`],
    ["behaviour of a package in infra", "infra/api.ts", `import { a } from "../packages/core/src/a.ts";`],
  ])("may not be %s", (_, path, text) => {
    expect(edge([protocol, core, sdk, local, at(path, text)])).toEqual([expect.stringContaining(`${path}:1 imports`)]);
  });

  test("are found at their lines, all of them", () => {
    const text = `import "ws";\n\nexport const a = 1;\nimport { b } from "@tether/local/b";\n`;
    expect(edge([core, at("packages/core/src/a.ts", text)])).toEqual([
      "packages/core/src/a.ts:1 imports ws, which core may not.",
      "packages/core/src/a.ts:4 imports @tether/local/b, which core may not.",
    ]);
  });
});

describe("the dependencies of a package", () => {
  test("follow the same arrows", () => {
    expect(edge([manifest("sdk", { "@tether/protocol": "1", "@tether/core": "1", ws: "1" })])).toEqual([
      "packages/sdk/package.json depends on @tether/core, which sdk may not.",
      "packages/sdk/package.json depends on ws, which sdk may not.",
    ]);
  });

  test("of a package without a rule are refused", () => {
    expect(edge([manifest("stray", {})])).toEqual([expect.stringContaining("no rule")]);
  });
});
