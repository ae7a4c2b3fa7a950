import { execFileSync } from "node:child_process";

/** The quartiles of the values. */
function quartiles(values: readonly number[]): [number, number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor(sorted.length * part)] ?? Number.NaN;
  return [at(0.25), at(0.5), at(0.75)];
}

export function median(values: readonly number[]): number {
  return quartiles(values)[1];
}

/** The median of what was measured; and of its ratio to the floor's of the same round, which are as fast as the machine just was, with the quartiles. */
export type Compared = { readonly median: number; readonly ratio: number; readonly spread: readonly [number, number] };

/** Measures each thing so many times, in turn and every other round backwards. The first is what all are compared with. */
export async function compare<Key extends string>(
  things: readonly (() => Record<Key, number> | Promise<Record<Key, number>>)[],
  rounds: number,
): Promise<Record<Key, Compared>[]> {
  const measured = things.map((): Record<Key, number>[] => []);
  for (let round = 0; round < rounds; round++) {
    const order = [...things.entries()];
    for (const [index, measure] of round % 2 === 0 ? order : order.reverse()) measured[index]?.push(await measure());
  }
  const [floor = []] = measured;
  return measured.map((values) => {
    const compared = (key: Key): Compared => {
      const [, median] = quartiles(values.map((value) => value[key]));
      const [least, ratio, most] = quartiles(values.map((value, round) => value[key] / (floor[round]?.[key] ?? Number.NaN)));
      return { median, ratio, spread: [least, most] };
    };
    const keys = Object.keys(values[0] ?? {}) as Key[];
    return Object.fromEntries(keys.map((key) => [key, compared(key)])) as Record<Key, Compared>;
  });
}

export type Module = { readonly name: string; readonly file: string; readonly env: Record<string, string> };

/** How long a module takes to import in a fresh process, and how long it keeps processors busy meanwhile; in ms. */
export function importTime({ file, env }: Module): { wall: number; cpu: number } {
  const script = `
    const [cpu, wall] = [process.cpuUsage(), performance.now()];
    await import(${JSON.stringify(file)});
    const took = { wall: performance.now() - wall, cpu: process.cpuUsage(cpu) };
    process.stdout.write(JSON.stringify({ ...took, cpu: (took.cpu.user + took.cpu.system) / 1000 }));
    process.exit(0);`;
  const cwd = file.slice(0, file.lastIndexOf("/"));
  return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", script], { cwd, env, encoding: "utf8" }));
}
