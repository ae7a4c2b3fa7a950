import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listPaths } from "../../../check/tree.ts";
import { readCommandLine } from "../src/command-line.ts";

const root = join(import.meta.dirname, "../../..");
const grammar = {
  usage: "Usage: npm run it -- [options]",
  options: {
    out: { type: "string" },
    seed: { type: "number" },
    json: { type: "boolean" },
    level: { type: "string", oneOf: ["low", "high"] },
    trust: { type: "string", multiple: true },
  },
  most: 1,
} as const;
const read = (line: string) => readCommandLine(line.split(" ").filter(Boolean), grammar);

test("options have the types that they were declared with", () => {
  expect(read("it --out a --seed 7 --json --level high --trust b --trust c")).toEqual({
    values: { out: "a", seed: 7, json: true, level: "high", trust: ["b", "c"] },
    args: ["it"],
  });
  expect(read("")).toEqual({ values: {}, args: [] });
});

test.each([
  ["--fast", "Unknown option '--fast'."],
  ["--out", "Option '--out <value>' argument missing."],
  ["--json=1", "Option '--json' does not take an argument."],
  ["--seed x", "--seed takes a whole number, not “x”."],
  ["--seed=-1", "--seed takes a whole number, not “-1”."],
  ["--seed 1.5", "--seed takes a whole number, not “1.5”."],
  ["--level mid", "--level takes low or high, not “mid”."],
  ["it more", "There is no argument “more”."],
])("%s is answered by what is wrong, and then the usage", (line, says) => {
  expect(read(line)).toEqual({ exit: 2, says: `${says}\n\n${grammar.usage}` });
});

test("the usage is no failure for whoever asked for it, whatever else was asked", () => {
  for (const line of ["--help", "-h", "it more --help", "--seed x -h"]) expect(read(line)).toEqual({ exit: 0, says: grammar.usage });
});

test("a command of the project ends with 2 where its usage was not kept to, with 0 where it was asked for, and without a stack trace", async () => {
  const command = join(root, "packages/local/src/conform/main.ts");
  const run = (...args: string[]) =>
    new Promise((resolve) => {
      execFile(process.execPath, [command, ...args], (error, stdout, stderr) => resolve({ exit: error?.code ?? 0, stdout, stderr }));
    });
  expect(await run("--help")).toEqual({ exit: 0, stdout: expect.stringMatching(/^Usage: npm run conform/), stderr: "" });
  const wrong = await run("--fast");
  expect(wrong).toEqual({ exit: 2, stdout: "", stderr: expect.stringMatching(/^Unknown option '--fast'\.\n\nUsage: npm run conform/) });
  expect(wrong).not.toMatchObject({ stderr: expect.stringContaining("    at ") });
});

test("nothing reads a command line by itself but the two programs, whose options depend on their command, and what stands in for Pulumi", () => {
  const own = [
    "infra/test/stand-in/engine.ts",
    "packages/agent/src/options.ts",
    "packages/cli/src/options.ts",
    "packages/program/src/command-line.ts",
  ];
  const reading = listPaths(root).filter(
    (path) => path.endsWith(".ts") && /import \{[^}]*\bparseArgs\b[^}]*\} from "node:util"/.test(readFileSync(join(root, path), "utf8")),
  );
  expect(reading).toEqual(own);
});
