import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ReleasedFile } from "../packages/agent/src/update/manifest.ts";
import { installPage } from "./page.ts";
import { robotScript } from "./script.ts";
import { readSigned } from "./signed.ts";

/** Puts a release beside the built console, with the script that knows where both are served. */
export function publish({ from, to, base, api }: { from: string; to: string; base: string; api: string }): void {
  const { files, keys } = readSigned(from);
  mkdirSync(to, { recursive: true });
  for (const name of ["manifest.json", "manifest.json.sig", ...files.map((file) => file.name)]) cpSync(join(from, name), join(to, name));
  writePlaced(to, { base, api, key: keys[0] ?? "", files });
}

type Placed = { readonly base: string; readonly api: string; readonly key: string; readonly files: readonly ReleasedFile[] };

/** Writes what knows where a release is served: the script and the page. */
export function writePlaced(to: string, { base, api, key, files }: Placed): void {
  writeFileSync(join(to, "robot.sh"), robotScript({ base, api, key }), { mode: 0o755 });
  writeFileSync(join(to, "index.html"), installPage({ base, files }));
}

if (import.meta.main) {
  const { TETHER_RELEASE: from = "", TETHER_INSTALL_BASE: base = "", TETHER_CONSOLE_CONFIG: config = "{}" } = process.env;
  publish({ from, to: join(import.meta.dirname, "../packages/console/dist/install"), base, api: JSON.parse(config).api });
}
