import { blank, lineOf } from "./blank.ts";
import type { File } from "./tree.ts";

/** Clauses that no test name cites, and citations of clauses that are not there. */
export function spec(text: string, tests: readonly File[]): string[] {
  const clauses = [...text.matchAll(/^- \*\*([A-Z]+\d+(?:\.\d+)?)\*\* /gm)].map(([, id = ""]) => id);
  const known = new Set(clauses);
  const cited = new Set<string>();
  const problems = clauses.filter((id, index) => clauses.indexOf(id) !== index).map((id) => `SPEC.md has two clauses ${id}.`);
  for (const file of tests)
    for (const { name, line } of testNames(file.text))
      for (const id of citations(name)) {
        cited.add(id);
        if (!known.has(id)) problems.push(`${file.path}:${line} cites [${id}], which SPEC.md does not have.`);
      }
  const missing = clauses.filter((id) => !cited.has(id));
  if (missing.length > 0) problems.push(`${missing.length} of ${known.size} clauses are cited by no test: ${missing.join(", ")}.`);
  return problems;
}

function citations(name: string): string[] {
  return [...name.matchAll(/\[([A-Z]+\d+(?:\.\d+)?(?:\s*,\s*[A-Z]+\d+(?:\.\d+)?)*)\]/g)].flatMap(([, ids = ""]) => ids.split(/\s*,\s*/));
}

/** The names of the tests that run: `test("…")`, `it`, and with `.each(…)`, `.prop(…)` and the like between. */
export function testNames(source: string): { name: string; line: number }[] {
  const code = blank(source);
  const names: { name: string; line: number }[] = [];
  for (const match of code.matchAll(/(?<![.\w$])(?:test|it)\b/g)) {
    const at = nameAt(code, match.index + match[0].length);
    if (at === undefined) continue;
    const quote = code.charAt(at);
    const end = quote === "`" ? endOfTemplate(code, at) : code.indexOf(quote, at + 1);
    names.push({ name: source.slice(at + 1, end), line: lineOf(source, match.index) });
  }
  return names;
}

/** Where the quote of a test's name is, past modifiers, tables and generators. A skipped test has none. */
function nameAt(code: string, from: number): number | undefined {
  let at = from;
  for (;;) {
    const rest = code.slice(at);
    const modifier = /^\s*\.(\w+)/.exec(rest);
    const name = /^\s*\(\s*(?=["'`])/.exec(rest);
    if (modifier) {
      if (modifier[1] === "skip" || modifier[1] === "todo") return undefined;
      at += modifier[0].length;
    } else if (name) return at + name[0].length;
    else if (/^\s*</.test(rest)) at = endOfTypes(code, code.indexOf("<", at));
    else if (/^\s*\(/.test(rest)) at = endOfCall(code, code.indexOf("(", at));
    else if (/^\s*`/.test(rest)) at = endOfTemplate(code, code.indexOf("`", at)) + 1;
    else return undefined;
  }
}

/** Past the type arguments that begin at `open`; an arrow closes none. */
function endOfTypes(code: string, open: number): number {
  let depth = 0;
  for (let at = open; at < code.length; at++) {
    if (code[at] === "<") depth++;
    if (code[at] === ">" && code[at - 1] !== "=" && --depth === 0) return at + 1;
  }
  return code.length;
}

function endOfCall(code: string, open: number): number {
  let depth = 0;
  for (let at = open; at < code.length; at++) {
    if (code[at] === "(") depth++;
    if (code[at] === ")" && --depth === 0) return at + 1;
  }
  return code.length;
}

function endOfTemplate(code: string, open: number): number {
  let depth = 0;
  for (let at = open + 1; at < code.length; at++) {
    if (code[at] === "{") depth++;
    else if (code[at] === "}") depth--;
    else if (code[at] === "`" && depth === 0) return at;
  }
  return code.length;
}
