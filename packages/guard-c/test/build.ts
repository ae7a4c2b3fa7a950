import { execFile } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const source = join(import.meta.dirname, "../src");
const sources = readdirSync(source).filter((file) => file.endsWith(".c"));
const warnings = ["-std=c11", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-pedantic", "-Werror"];
/** Anything that reads or writes beyond its own, or does what C leaves undefined, ends the program. */
const sanitizers = ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];

const gcc = (args: readonly string[]) => promisify(execFile)("gcc", args);

/** Builds a program of the tests with the guard, and answers its path. */
export async function buildProgram(folder: string, program: "decide" | "run"): Promise<string> {
  return build(join(import.meta.dirname, ".."), folder, program, sanitizers);
}

/** Builds `decide` with a guard that has one thing wrong: in `file` it says `becomes` where it said `was`. */
export async function buildMutant(folder: string, file: string, was: string, becomes: string): Promise<string> {
  const copy = join(folder, "guard-c");
  for (const part of ["src", "test"]) cpSync(join(import.meta.dirname, "..", part), join(copy, part), { recursive: true });
  const path = join(copy, "src", file);
  const text = readFileSync(path, "utf8");
  if (text.split(was).length !== 2) throw new Error(`${file} does not say this once: ${was}`);
  writeFileSync(path, text.replace(was, becomes));
  return build(copy, folder, "decide", ["-O0", "-Wno-unused"]);
}

async function build(root: string, folder: string, program: string, more: readonly string[]): Promise<string> {
  const path = join(folder, program);
  const own = [program, "recording", ...(program === "decide" ? ["same"] : [])].map((name) => join(root, "test", `${name}.c`));
  const guard = sources.map((file) => join(root, "src", file));
  await gcc(["-D_GNU_SOURCE", ...warnings, ...more, "-o", path, ...own, ...guard, "-lcrypto"]);
  return path;
}

/** Compiles a text in C that uses the guard; rejects with the compiler's words where it is none. */
export async function compile(folder: string, code: string): Promise<void> {
  const path = join(folder, "uses.c");
  writeFileSync(path, code);
  await gcc([...warnings, "-I", source, "-fsyntax-only", path]);
}

/** The symbols that the guard needs from libc and others: those that no file of its own has. */
export async function neededSymbols(folder: string): Promise<string[]> {
  await Promise.all(
    sources.map((file) => gcc(["-std=c11", "-O2", "-fno-stack-protector", "-c", "-o", join(folder, `${file}.o`), join(source, file)])),
  );
  const objects = sources.map((file) => join(folder, `${file}.o`));
  const { stdout } = await promisify(execFile)("nm", ["-g", ...objects]);
  const symbols = stdout.split("\n").map((line) => line.trim().split(/\s+/));
  const own = new Set(symbols.filter(([, kind]) => /^[TDRB]$/.test(kind ?? "")).map(([, , name]) => name));
  return [...new Set(symbols.filter(([kind]) => kind === "U").map(([, name = ""]) => name))].filter((name) => !own.has(name)).sort();
}
