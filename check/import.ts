import { blank, lineOf } from "./blank.ts";

/** `name` is undefined where it is computed. */
export type Import = { readonly name: string | undefined; readonly line: number };

const forms = [/\b(?:import|export)\b[\w$\s{},*]*?\bfrom\s*(["'])/g, /\bimport\s*(["'])/g, /\b(?:import|(?<!\.)require)\s*\(\s*(["'`])?/g];

/** Every module a source names: imports of values and types, re-exports, dynamic imports, `require`. */
export function importsOf(source: string): Import[] {
  const code = blank(source);
  const found = new Map<number, Import>();
  for (const form of forms)
    for (const match of code.matchAll(form)) {
      const at = match.index + match[0].length;
      const quote = match[1];
      const end = quote === undefined ? -1 : code.indexOf(quote, at);
      const name = end === -1 || code.slice(at, end).includes("${") ? undefined : source.slice(at, end);
      found.set(at, { name, line: lineOf(source, match.index) });
    }
  return [...found].sort(([a], [b]) => a - b).map(([, found]) => found);
}
