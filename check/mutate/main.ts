import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

// `npm run mutate -- FILES`: the mutation score of source files by the tests beside them, that is in the folder of `test/` that mirrors theirs.
// A test of another package would reach the unmutated file through the workspace's link, so only the file's own package counts.

const folder = import.meta.dirname;
const root = join(folder, "../..");
const files = process.argv.slice(2);

const testsOf = (file: string) => {
  const mirrored = dirname(file.replace(/^(packages\/[^/]+)\/src\//, "$1/test/"));
  return `${mirrored}/**/*.test.ts`;
};

function run(): number {
  const unfit = files.find((file) => !/^packages\/[^/]+\/src\/.+\.tsx?$/.test(file) || !existsSync(join(root, file)));
  if (files.length === 0 || unfit !== undefined) {
    process.stderr.write(
      `usage: npm run mutate -- packages/NAME/src/FILE.ts …${unfit === undefined ? "" : ` (not such a file: ${unfit})`}\n`,
    );
    return 2;
  }
  if (!existsSync(join(folder, "node_modules"))) {
    const installed = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder, stdio: "inherit" });
    if (installed.status !== 0) return 2;
  }
  const temporary = mkdtempSync(join(tmpdir(), "mutate-"));
  try {
    const config = join(temporary, "stryker.json");
    writeFileSync(
      config,
      JSON.stringify({
        plugins: [join(folder, "node_modules/@stryker-mutator/vitest-runner/dist/src/index.js")],
        testRunner: "vitest",
        vitest: { configFile: "check/mutate/vitest.config.ts", related: false },
        mutate: files,
        coverageAnalysis: "perTest",
        concurrency: 2,
        reporters: ["clear-text"],
        disableTypeChecks: false,
        // The runner would rewrite tsconfig.json by an interface that TypeScript 7 does not have.
        tsconfigFile: "none.json",
        tempDirName: ".stryker-tmp",
        cleanTempDir: "always",
        ignorePatterns: [
          "**",
          "!packages/**",
          "!infra/**",
          "!check/mutate/vitest.config.ts",
          "!package.json",
          "!tsconfig.json",
          "!tsconfig.base.json",
        ],
      }),
    );
    const stryker = join(folder, "node_modules/@stryker-mutator/core/bin/stryker.js");
    const env = { ...process.env, MUTATE_TESTS: JSON.stringify([...new Set(files.map(testsOf))]) };
    return spawnSync(process.execPath, [stryker, "run", config], { cwd: root, env, stdio: "inherit" }).status ?? 2;
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

process.exitCode = run();
