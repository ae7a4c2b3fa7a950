import { createHash } from "node:crypto";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";
import { readWorkspace, root } from "../pack/package.ts";

/** The robot's program as one file, and its version. */
export type Bundle = { readonly code: Buffer; readonly version: string; readonly metafile: Metafile };

// ws is CommonJS and requires Node's own modules, which a module has no `require` for.
const banner = 'import { createRequire as createRequireOfNode } from "node:module";\nconst require = createRequireOfNode(import.meta.url);';

/** Native libraries lie beside the bundle: what stands in for the code that looks for each among npm's packages. */
const beside: readonly { readonly filter: RegExp; readonly contents: string }[] = [
  { filter: /@roamhq\/wrtc\/lib\/binding\.js$/, contents: 'module.exports = require("./wrtc.node");' },
  { filter: /node-datachannel\/dist\/esm\/lib\/node-datachannel\.mjs$/, contents: 'export default require("./datachannel.node");' },
];

/** Bundles the robot's program. `isTrial`: the version names the content, so that each change is a version of its own. */
export async function bundle({ isTrial = false, version = readWorkspace("agent").version } = {}): Promise<Bundle> {
  const first = await bundleAs(version);
  if (!isTrial) return first;
  const hash = createHash("sha256").update(first.code).digest("hex").slice(0, 8);
  return bundleAs(`${version}-local.${hash}`);
}

async function bundleAs(version: string): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [join(root, "packages/agent/src/main.ts")],
    outfile: "main.mjs",
    write: false,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node24",
    minifySyntax: true,
    minifyWhitespace: true,
    metafile: true,
    logLevel: "warning",
    external: ["bufferutil", "utf-8-validate", "domexception", "./wrtc.node", "./datachannel.node"],
    define: { TETHER_VERSION: JSON.stringify(version) },
    banner: { js: banner },
    plugins: [
      {
        name: "native-beside",
        setup(build) {
          for (const { filter, contents } of beside) build.onLoad({ filter }, () => ({ contents, loader: "js" }));
        },
      },
    ],
  });
  const [file] = outputFiles;
  if (!file) throw new Error("The bundler wrote nothing.");
  return { code: Buffer.from(file.contents), version, metafile };
}
