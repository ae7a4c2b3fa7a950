import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "./package.ts";

/** A command-line program: its bundle's entries by their place in `dist`, and what stays outside of it because it has a native part. */
export type Program = {
  readonly folder: string;
  readonly command: string;
  readonly entries: Readonly<Record<string, string>>;
  readonly native: readonly string[];
};

export const programs: readonly Program[] = [
  { folder: "cli", command: "tether", entries: { main: "src/main.ts" }, native: ["@roamhq/wrtc", "fs-native-extensions"] },
  {
    folder: "agent",
    command: "tether-robot",
    entries: { main: "src/main.ts" },
    native: ["@roamhq/wrtc", "fs-native-extensions", "node-datachannel"],
  },
];

// ws is CommonJS and requires Node's own modules, which a module has no `require` for.
const banner = 'import { createRequire as createRequireOfNode } from "node:module";\nconst require = createRequireOfNode(import.meta.url);';

/** Bundles a program into `dist` of `target`, with the file that its command runs and the licences of what is inside. */
export async function writeProgram({ folder, command, entries, native }: Program, target: string): Promise<void> {
  const { metafile } = await build({
    absWorkingDir: join(root, "packages", folder),
    entryPoints: { ...entries },
    outdir: join(target, "dist"),
    bundle: true,
    splitting: true,
    chunkNames: "[name]-[hash]",
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "linked",
    metafile: true,
    logLevel: "warning",
    external: [...native, "bufferutil", "utf-8-validate"],
    banner: { js: banner },
  });
  mkdirSync(join(target, "bin"), { recursive: true });
  writeFileSync(join(target, "bin", `${command}.js`), launcher(command), { mode: 0o755 });
  writeFileSync(join(target, "THIRD-PARTY.txt"), licences(Object.keys(metafile.inputs)));
}

/**
 * An older Node fails at an import, in words that help nobody; the version is looked at before anything is imported. So is what the program locks
 * its files by where Node has no SQLite, which is not built for every machine.
 */
function launcher(command: string): string {
  return `#!/usr/bin/env node
import module from "node:module";

function canLock() {
  if (module.isBuiltin("node:sqlite")) return true;
  try {
    module.createRequire(import.meta.url)("fs-native-extensions");
    return true;
  } catch {
    return false;
  }
}

function refuse(oldest, why) {
  process.stderr.write(\`${command} needs Node \${oldest} or newer\${why}; this is \${process.versions.node}.\\n\`);
  process.exitCode = 1;
}

if (Number.parseInt(process.versions.node, 10) < 20) refuse("20", "");
else if (!canLock()) refuse("22.13", \` on \${process.platform}-\${process.arch}, where fs-native-extensions does not load\`);
else await import("../dist/main.js");
`;
}

/** The licences of the bundled packages of others, each with its name. */
export function licences(inputs: readonly string[]): string {
  const names = inputs.flatMap((input) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []);
  return [...new Set(names)]
    .sort()
    .map((name) => {
      const folder = join(root, "node_modules", name);
      const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
      return `${name} ${version} (${license})\n\n${file ? readFileSync(join(folder, file), "utf8").trim() : ""}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}
