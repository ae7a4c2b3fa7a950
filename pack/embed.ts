import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, transform } from "esbuild";
import { root } from "./package.ts";

const source = join(root, "packages/console/src/embed");

/**
 * Writes what pages embed beside the component: its style sheet, all of it beneath `.tether-drive`, so that it changes nothing around it, and the
 * element in one file with all that it needs.
 */
export async function writeEmbed(target: string): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [join(source, "drive.css")],
    bundle: true,
    write: false,
    // The console's own emblem is in no page of others.
    loader: { ".svg": "empty" },
    logLevel: "warning",
  });
  // Variables give way to whatever the page says of them, wherever it says it.
  const own = (outputFiles[0]?.text ?? "").replaceAll(":root", ":where(&)").replace(/^(\s*)(html|body)(?=[\s:{,.])/gm, "$1&");
  // Older browsers know no nesting; what was nested is written out for them.
  const { code } = await transform(`.tether-drive {\n${own}\n}`, { loader: "css", target: ["chrome110", "firefox110", "safari16"] });
  writeFileSync(join(target, "dist/drive.css"), code);
  await build({
    entryPoints: [join(source, "element.tsx")],
    outfile: join(target, "dist/element.js"),
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    sourcemap: "linked",
    logLevel: "warning",
  });
  // The element is an application of its own: nothing of it can be imported but its effect.
  writeFileSync(join(target, "dist/element.d.ts"), "export {};\n");
}
