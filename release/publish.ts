import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { robotScript } from "./script.ts";
import { readSigned } from "./signed.ts";

/** Puts a release beside the built console, with the script that knows where both are served. */
export function publish({ from, to, base, api }: { from: string; to: string; base: string; api: string }): void {
  const { files, keys } = readSigned(from);
  mkdirSync(to, { recursive: true });
  for (const name of ["manifest.json", "manifest.json.sig", ...files.map((file) => file.name)]) cpSync(join(from, name), join(to, name));
  writeFileSync(join(to, "robot.sh"), robotScript({ base, api, key: keys[0] ?? "" }));
}

if (import.meta.main) {
  const { TETHER_RELEASE: from = "", TETHER_INSTALL_BASE: base = "", TETHER_CONSOLE_CONFIG: config = "{}" } = process.env;
  publish({ from, to: join(import.meta.dirname, "../packages/console/dist/install"), base, api: JSON.parse(config).api });
}
