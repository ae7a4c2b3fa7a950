import { expect, test } from "vitest";
import { retiredIn, retiredNames } from "../word.ts";

const glossary = `# Glossary

## Words

| word | meaning |
|---|---|
| grant | A role. |
| permit | A signed word. |

## Retired words

| retired | say | where |
|---|---|---|
| errands | command queue | everywhere |
| audience | viewers | agent |
`;

const at = (path: string, text = "") => retiredNames(glossary, [{ path, text }]);

test("the retired words are read from the glossary with what to say and where they are refused", () => {
  expect(retiredIn(glossary)).toEqual({
    retired: [
      { word: "errands", instead: "command queue", where: undefined },
      { word: "audience", instead: "viewers", where: "agent" },
    ],
    problems: [],
  });
});

test.each([
  ["a file", "packages/agent/src/errands.ts", ""],
  ["a function", "packages/agent/src/queue.ts", "function createErrands() {}"],
  ["a type", "packages/agent/src/queue.ts", "type Errands = object;"],
  ["a field", "packages/agent/src/queue.ts", "const a = { errands: 1 };"],
  ["a constant", "packages/agent/src/queue.ts", "const MOST_ERRANDS = 1;"],
  ["a test's variable", "packages/agent/test/queue.test.ts", "const errands = 1;"],
])("%s with a retired word is refused", (_, path, text) => {
  expect(at(path, text)).toEqual([expect.stringContaining('say "command queue"')]);
});

test("words in comments, strings and within longer words are nobody's names", () => {
  expect(at("packages/agent/src/queue.ts", '// errands\nconst says = "errands"; const errandsmith = 1;')).toEqual([]);
});

test("a word that is retired in one package is good in another", () => {
  expect(at("packages/agent/src/a.ts", "const audience = 1;")).toHaveLength(1);
  expect(at("packages/api/src/a.ts", "const audience = 1;")).toEqual([]);
});

test.each([
  ["missing", undefined, "missing"],
  ["empty", "# Glossary", "no table"],
  ["out of order", glossary.replace("| permit |", "| actor |"), "out of order"],
  ["a word in both tables", glossary.replace("| permit |", "| errands |").replace("| grant |", "| ab |"), "a retired one"],
])("a glossary that is %s is refused", (_, text, finding) => {
  expect(retiredNames(text, [])).toEqual([expect.stringContaining(finding)]);
});
