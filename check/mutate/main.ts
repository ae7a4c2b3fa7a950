import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { inCore } from "./equivalent-core.ts";
import { inSdk } from "./equivalent-sdk.ts";
import { page } from "./page.ts";
import { count, type MutationReport, percent } from "./score.ts";

// `npm run mutate -- FILES`: the mutation score of source files by the tests beside them, that is in the folder of `test/` that mirrors theirs.
// A folder stands for the files in it. The scores are kept in docs/mutation.md. With `--again` the mutants are tried that tests may find
// now and did not in the last run of the same files; it sees changes of these files and of their tests, and of nothing else.

const folder = import.meta.dirname;
const root = join(folder, "../..");
const pagePath = join(root, "docs/mutation.md");
const least = 90;
const say = (line: string) => process.stdout.write(`${line}\n`);

const testsOf = (file: string) => {
  const mirrored = dirname(file.replace(/^(packages\/[^/]+)\/src\//, "$1/test/"));
  return `${mirrored}/**/*.test.ts`;
};

function filesOf(argument: string): string[] {
  const path = join(root, argument);
  if (!existsSync(path) || !/^packages\/[^/]+\/src\//.test(argument)) return [];
  if (!statSync(path).isDirectory()) return /\.tsx?$/.test(argument) ? [argument] : [];
  const inside = globSync(`${argument.replace(/\/$/, "")}/*.{ts,tsx}`, { cwd: root });
  return inside.filter((file) => !file.endsWith("/index.ts")).sort();
}

function run(): number {
  const isAgain = process.argv.includes("--again");
  const named = process.argv.slice(2).filter((argument) => argument !== "--again");
  const wanted = named.map((argument) => ({ argument, files: filesOf(argument) }));
  const unfit = wanted.find(({ files }) => files.length === 0)?.argument;
  if (wanted.length === 0 || unfit !== undefined) {
    process.stderr.write(
      `usage: npm run mutate -- [--again] packages/NAME/src/FILE.ts …${unfit === undefined ? "" : ` (no such file: ${unfit})`}\n`,
    );
    return 2;
  }
  if (!existsSync(join(folder, "node_modules"))) {
    const installed = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder, stdio: "inherit" });
    if (installed.status !== 0) return 2;
  }
  const files = [...new Set(wanted.flatMap((one) => one.files))];
  const report = mutate(files, { isAgain, lastRun: `${named.join(" ").replaceAll(/\W+/g, "-")}.json` });
  if (report === undefined) return 2;
  const { scores, survivors, stale } = count(report, [...inCore, ...inSdk], new Date().toISOString().slice(0, 10));
  for (const { file, line, code, by } of survivors) say(`${file}:${line}\n    ${code}\n    ${by}`);
  for (const one of stale) say(`No survivor is the equivalent mutant ${one}.`);
  for (const score of scores) say(`${score.file}: ${percent([score])} (${score.missed} missed, ${score.equivalent} equivalent)`);
  writeFileSync(
    pagePath,
    page(existsSync(pagePath) ? readFileSync(pagePath, "utf8") : "", scores, (file) => existsSync(join(root, file))),
  );
  const total = percent(scores);
  say(`${total} in all; kept in docs/mutation.md.`);
  return total < least ? 1 : 0;
}

function mutate(files: readonly string[], { isAgain, lastRun }: { isAgain: boolean; lastRun: string }): MutationReport | undefined {
  const temporary = mkdtempSync(join(tmpdir(), "mutate-"));
  try {
    const [config, fileName] = [join(temporary, "stryker.json"), join(temporary, "report.json")];
    const settings = {
      plugins: [join(folder, "node_modules/@stryker-mutator/vitest-runner/dist/src/index.js")],
      testRunner: "vitest",
      vitest: { configFile: "check/mutate/vitest.config.ts", related: false },
      mutate: files,
      coverageAnalysis: "perTest",
      incremental: true,
      incrementalFile: join(folder, "node_modules/.last", lastRun),
      force: !isAgain,
      // Half the machine: a story has the engine beside it, which is another process.
      concurrency: Number(process.env.MUTATE_AT_ONCE ?? 1),
      reporters: ["progress-append-only", "json"],
      jsonReporter: { fileName },
      disableTypeChecks: false,
      // Loops are cut short by the number of their rounds. A time-out that comes of a busy machine would count as found.
      timeoutMS: 20_000,
      timeoutFactor: 3,
      dryRunTimeoutMinutes: 60,
      // The runner would rewrite tsconfig.json by an interface that TypeScript 7 does not have.
      tsconfigFile: "none.json",
      tempDirName: ".stryker-tmp",
      cleanTempDir: "always",
      ignorePatterns: [
        "**",
        "!packages/**",
        "!infra/**",
        ...["vitest.config", "warm-thread", "quick-first", "setup"].map((name) => `!check/mutate/${name}.ts`),
        "!package.json",
        "!tsconfig.json",
        "!tsconfig.base.json",
      ],
    };
    writeFileSync(config, JSON.stringify(settings));
    const stryker = join(folder, "node_modules/@stryker-mutator/core/bin/stryker.js");
    const env = { ...process.env, MUTATE_TESTS: JSON.stringify([...new Set(files.map(testsOf))]) };
    const { status } = spawnSync(process.execPath, [stryker, "run", config], { cwd: root, env, stdio: "inherit" });
    if (status !== 0 || !existsSync(fileName)) return undefined;
    return JSON.parse(readFileSync(fileName, "utf8")) as MutationReport;
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

process.exitCode = run();
