import { expect, test } from "vitest";
import { transaction } from "../transaction.ts";

const found = (text: string, path = "packages/core/src/robot/create.ts") => transaction([{ path, text }]).length;

test("several items are read in one place, and not in a transaction", () => {
  expect(found("await client.send(new TransactGetCommand(input));")).toBe(1);
  expect(found("await store.transaction.get(keys).go();")).toBe(1);
  expect(found("await readItems(store, pick);")).toBe(0);
  expect(found("// TransactGetItems is cancelled")).toBe(0);
});

test("a transaction is written in one place", () => {
  expect(found("await env.store.transaction.write(parts).go();")).toBe(1);
  expect(found("await env.store.transaction.write(parts).go();", "packages/core/src/store/transact.ts")).toBe(0);
  expect(found("new TransactWriteCommand(input)")).toBe(1);
  expect(found('if (operation === "TransactWriteItems") note();')).toBe(0);
});

test("what became of a transaction is asked by name", () => {
  expect(found("const [first] = await transact(env, build);")).toBe(1);
  const written = "const outcome = await transact(env, build);\n";
  expect(found(`${written}const [first, ...others] = outcome;`)).toBe(1);
  expect(found(`${written}if (outcome[0]) return;`)).toBe(1);
  expect(found(`${written}if (outcome.at(-1)) return;`)).toBe(1);
  expect(found(`${written}if (outcome.has("grant")) return;`)).toBe(0);
});

test("the emulator and tests may ask as AWS's clients may", () => {
  expect(found("TransactGet", "packages/local/src/engine/replica.ts")).toBe(0);
  expect(found("TransactGet", "packages/core/test/store/x.test.ts")).toBe(0);
});
