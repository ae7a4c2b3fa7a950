import { execFileSync } from "node:child_process";

/** Starts a process to do one thing, and gives what it printed as a number. */
function once(script: string, cwd: string, env: Record<string, string>): number {
  return Number(execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd, env, encoding: "utf8" }));
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export type Module = { readonly name: string; readonly file: string; readonly env: Record<string, string> };

/** How long each module takes to import in a fresh process, in ms: the median of so many, in turn so that all share the machine's moods. */
export function importTimes(modules: readonly Module[], times = 15): Record<string, number> {
  const taken = new Map(modules.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < times; round++)
    for (const { name, file, env } of modules) {
      const script = `const t = performance.now(); await import(${JSON.stringify(file)}); process.stdout.write(String(performance.now() - t)); process.exit(0);`;
      taken.get(name)?.push(once(script, file.slice(0, file.lastIndexOf("/")), env));
    }
  return Object.fromEntries([...taken].map(([name, values]) => [name, median(values)]));
}
