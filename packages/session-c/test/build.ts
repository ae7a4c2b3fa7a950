import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const source = join(import.meta.dirname, "../src");
const warnings = ["-std=gnu11", "-Wall", "-Wextra", "-Wshadow", "-Wno-unused-parameter", "-Werror"];
/** Anything that reads or writes beyond its own, or does what C leaves undefined, ends the program. */
const sanitizers = ["-O0", "-g", "-fsanitize=address,undefined,float-cast-overflow", "-fno-sanitize-recover=all"];

/** A test does not wait 20 s for a ping. */
const quick = ["-DTETHER_PING_S=1"];

const run = promisify(execFile);

async function flags(): Promise<string[]> {
  const { stdout } = await run("pkg-config", ["--cflags", "--libs", "libsoup-3.0", "json-glib-1.0", "libcrypto"]);
  return stdout.trim().split(/\s+/);
}

/** Builds a program of the tests with the library, in a folder that `remove` takes away. */
export async function buildProgram(program: "answer" | "robot"): Promise<{ path: string; folder: string; remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), "tether-session-c-"));
  const path = join(folder, program);
  const all = readdirSync(source).filter((file) => file.endsWith(".c"));
  const sources =
    program === "answer" ? ["client.c", "clients.c", "field.c", "inbound.c", "key.c", "outbound.c", "pacing.c", "silence.c"] : all;
  const files = [join(import.meta.dirname, `${program}.c`), ...sources.map((file) => join(source, file))];
  await run("gcc", [...warnings, ...sanitizers, ...quick, "-o", path, ...files, ...(await flags()), "-lm"]);
  return { path, folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Compiles a text in C that uses the library; rejects with the compiler's words where it is none. */
export async function compile(folder: string, code: string): Promise<void> {
  const path = join(folder, "uses.c");
  writeFileSync(path, code);
  await run("gcc", [...warnings, "-Wno-unused-variable", `-I${source}`, "-fsyntax-only", path, ...(await flags())]);
}
