import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Result, runChecks } from "../../src/first-hour/check.ts";
import { fromInside } from "../../src/first-hour/inside.ts";
import { fromOutside } from "../../src/first-hour/outside.ts";
import { startLocal } from "../../src/start.ts";

const all = [...fromOutside, ...fromInside];

async function start() {
  const system = await startLocal({ port: 0, log: () => undefined });
  onTestFinished(() => system.stop());
  return { system, at: { api: system.origin, broker: system.brokerUrl, console: `${system.origin}/` } };
}

test("the first hour's program finds this machine's own system as expected", async () => {
  const { system, at } = await start();
  const { idToken } = await system.identity.tokensFor("owner@tether.local");
  const results: Result[] = [];
  expect(await runChecks(all, { ...at, token: idToken }, (result) => results.push(result))).toBe(0);
  expect(results).toEqual(all.map(({ name }) => ({ name, outcome: "as expected" })));
});

test("without a token it leaves out what needs one", async () => {
  const { at } = await start();
  const results: Result[] = [];
  expect(await runChecks(all, at, (result) => results.push(result))).toBe(0);
  expect(results.filter(({ outcome }) => outcome === "left out").map(({ name }) => name)).toEqual(fromInside.map(({ name }) => name));
});

test("it says of everything that it is amiss where nothing answers", async () => {
  const nowhere = { api: "http://127.0.0.1:1", broker: "ws://127.0.0.1:1", console: "http://127.0.0.1:1", token: "none" };
  expect(await runChecks(all, nowhere, () => undefined)).toBe(all.length);
});

test("docs/first-hour.md has a line for each of what the program asks, in its order", () => {
  const text = readFileSync(join(import.meta.dirname, "../../../../docs/first-hour.md"), "utf8");
  const lines = [...text.matchAll(/^\d+\. \*\*(.+?)\.?\*\* \(program\)/gm)].map(([, name]) => name);
  expect(lines).toEqual(all.map(({ name }) => name));
});
