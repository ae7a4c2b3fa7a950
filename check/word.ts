import { blank, lineOf } from "./blank.ts";
import { type File, isCode } from "./tree.ts";

export const glossaryPath = "docs/glossary.md";

/** A word that names may not have, what to say for it, and the package where it is refused; everywhere without one. */
export type Retired = { readonly word: string; readonly instead: string; readonly where: string | undefined };

/** The retired words of the glossary, and what is wrong with its two tables. */
export function retiredIn(text: string | undefined): { retired: Retired[]; problems: string[] } {
  if (text === undefined) return { retired: [], problems: [`${glossaryPath} is missing.`] };
  const [known = "", refused = ""] = text.split(/^## Retired words$/m);
  const words = rowsOf(known).map(([word = ""]) => word);
  const retired = rowsOf(refused).map(([word = "", instead = "", where = ""]): Retired => {
    return { word, instead, where: where === "everywhere" ? undefined : where };
  });
  const problems: string[] = [];
  if (words.length === 0 || retired.length === 0) problems.push(`${glossaryPath} has no table of words, or none of retired words.`);
  words.forEach((word, at) => {
    const before = words[at - 1];
    if (before !== undefined && before.localeCompare(word, "en") >= 0)
      problems.push(`${glossaryPath}: "${word}" is out of order, or there twice.`);
  });
  for (const { word, where } of retired)
    if (where === undefined && words.includes(word)) problems.push(`${glossaryPath}: "${word}" is a word and a retired one.`);
  return { retired, problems };
}

function rowsOf(text: string): string[][] {
  const lines = text.split("\n").filter((line) => line.startsWith("| "));
  const cells = lines.map((line) => line.split("|").slice(1, -1));
  return cells.map((row) => row.map((cell) => cell.trim())).filter(([first]) => first !== "word" && first !== "retired");
}

/** Names of ours with a retired word: of files, and of what they declare. */
export function retiredNames(text: string | undefined, files: readonly File[]): string[] {
  const { retired, problems } = retiredIn(text);
  const findings = files.flatMap(({ path, text: source }) => {
    const refused = retired.filter(({ where }) => where === undefined || path.startsWith(`packages/${where}/`));
    const tell = (name: string, line?: number) =>
      wordsOf(name).flatMap((word) => {
        const hit = refused.find((one) => one.word === word);
        const place = line === undefined ? path : `${path}:${line}`;
        return hit ? [`${place}: "${name}" has the retired word "${word}"; say "${hit.instead}".`] : [];
      });
    const declared = isCode(path) ? namesIn(source).flatMap(({ name, line }) => tell(name, line)) : [];
    return [...tell(path.split("/").at(-1) ?? path), ...declared];
  });
  return [...problems, ...new Set(findings)];
}

/** `handleDue`, `handle-due`, `HANDLE_DUE`: its words, in lower case. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}

/** Every identifier of the code, at the first line where it stands. What is imported from elsewhere is named there, or is ours. */
function namesIn(source: string): { name: string; line: number }[] {
  const first = new Map<string, number>();
  for (const match of blank(source).matchAll(/(?<![\w$])[A-Za-z_$][\w$]*/g)) if (!first.has(match[0])) first.set(match[0], match.index);
  return [...first].map(([name, at]) => ({ name, line: lineOf(source, at) }));
}
