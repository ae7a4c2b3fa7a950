import { describe, expect, test } from "vitest";
import { ambience } from "../ambient.ts";

const source = (text: string) => [{ path: "packages/core/src/a.ts", text }];
const none = {};

describe("a source", () => {
  test.each([
    "const at = Date.now();",
    "const at = new Date();",
    "const at = new Date;",
    "const at = Date();",
    "const at = Math.random();",
    "const at = performance.now();",
    "setTimeout(run, 5);",
    "const { after = setTimeout } = env;",
    "globalThis.setTimeout(run, 5);",
    "window.setInterval(run, 5);",
    "const id = crypto.randomUUID();",
    `import { randomUUID } from "node:crypto";`,
    `import * as timer from "node:timers";`,
    "console.log(1);",
    "globalThis.console.warn(1);",
    `const text = \`now: \${Date.now()}\`;`,
    `const nested = \`\${list.map((one) => \`\${one}{\`)} \${Math.random()}\`;`,
    "const half = total / 2; Date.now(); // of it",
  ])("may not hold %s", (text) => {
    expect(ambience(source(`\n${text}`), none)).toEqual([expect.stringMatching(/^packages\/core\/src\/a\.ts:2 /)]);
  });

  test.each([
    "const at = env.clock.now();",
    "const at = new Date(seconds * 1000);",
    `const at = new Date("2026-01-01");`,
    "env.timers.setTimeout(run, 5);",
    "type Timers = { setTimeout: (run: () => void) => void; randomUUID?: () => string };",
    "// Date.now() is not for here",
    "/* Date.now()\n Date.now() */",
    `const text = "Date.now() \\" Math.random()";`,
    "const text = `Date.now() \\` Math.random()`;",
    'const pattern = /Date.now()[/"]/; const next = 1;',
    "let timer: ReturnType<typeof setTimeout>;",
    "consoles.log(1);",
  ])("may hold %s", (text) => {
    expect(ambience(source(text), none)).toEqual([]);
  });

  test("that is listed may", () => {
    expect(ambience(source("Date.now();"), { "packages/core/src/a.ts": "the edge" })).toEqual([]);
    expect(ambience(source("Date.now();"), { "packages/core/src/": "the edge" })).toEqual([]);
  });

  test("that is listed must be there", () => {
    expect(ambience(source(""), { "packages/core/src/b.ts": "gone" })).toEqual([expect.stringContaining("not there")]);
  });
});

describe("a test", () => {
  const path = "packages/core/test/a.test.ts";

  test("may not sleep", () => {
    const files = [{ path, text: "await new Promise((resolve) => setTimeout(resolve, 50));\n" }];
    expect(ambience(files, none, none)).toEqual([`${path}:1 \`setTimeout\` sleeps; use a virtual clock.`]);
    expect(ambience(files, none, { [path]: "measures the real clock" })).toEqual([]);
  });

  test("may read the real time", () => {
    expect(ambience([{ path, text: "Date.now();" }], none, none)).toEqual([]);
  });
});
