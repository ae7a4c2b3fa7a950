import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./package.ts";

/** A block of code in a document, with the language that it says it is in. */
export type Block = { readonly document: string; readonly line: number; readonly language: string; readonly code: string };

/** The texts that people read: the README, the documents and the packages' READMEs. */
const documents = globSync(["*.md", "docs/*.md", "docs/decision/*.md", "packages/*/README.md"], { cwd: root }).toSorted();

/** The blocks of code of all documents. */
export const blocks: readonly Block[] = documents.flatMap((document) => {
  const text = readFileSync(join(root, document), "utf8");
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(({ index, 1: language = "", 2: code = "" }) => ({
    document,
    line: text.slice(0, index).split("\n").length,
    language,
    code,
  }));
});

/** Code within the sentences of all documents, as `npm start`. */
export const spans: readonly Omit<Block, "language">[] = documents.flatMap((document) =>
  readFileSync(join(root, document), "utf8")
    .replace(/^```.*?^```$/gms, (block) => block.replace(/[^\n]/g, ""))
    .split("\n")
    .flatMap((text, at) => [...text.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => ({ document, line: at + 1, code }))),
);

/** A command as a shell starts it: its words, without the variables that are set for it. */
export type Command = readonly [program: string, ...args: string[]];

/** The commands of a line of shell, in their order: those of a pipe and of a list are several. */
export function commandsIn(line: string): readonly Command[] {
  const commands: string[][] = [[]];
  let word: string | undefined;
  let quote = "";
  const end = () => {
    if (word !== undefined) commands.at(-1)?.push(word);
    word = undefined;
  };
  for (const [at, letter] of [...line].entries()) {
    if (quote !== "") {
      if (letter === quote) quote = "";
      else word += letter;
    } else if (letter === "'" || letter === '"') {
      quote = letter;
      word ??= "";
    } else if (letter === "#" && word === undefined) break;
    else if (letter === " ") end();
    else if (letter === "|" || (letter === "&" && line[at - 1] === "&")) {
      end();
      commands.push([]);
    } else if (letter !== "&") word = (word ?? "") + letter;
  }
  end();
  return commands.flatMap((words) => {
    const [program, ...args] = words.slice(words.findIndex((one) => !/^\w+=/.test(one)));
    return program === undefined || words.every((one) => /^\w+=/.test(one)) ? [] : [[program, ...args] as const];
  });
}
