import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Runs a program's main file. This is plain JavaScript, because the Node that a bare shell finds may be too old to read TypeScript;
 * the project brings one that is not.
 */
export async function launch(name, main) {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return import(main.href);
  const file = process.platform === "win32" ? "node.exe" : "node";
  const node = [...modulesAbove(dirname(fileURLToPath(main))), ...(process.env.PATH ?? "").split(delimiter)]
    .map((folder) => join(folder, file))
    .find((path) => path.includes("node_modules") && existsSync(path));
  if (!node) {
    process.stderr.write(`${name} needs Node 22.18 or newer; this is ${process.versions.node}. Run npm ci, which brings it.\n`);
    process.exit(1);
  }
  const child = spawn(node, [fileURLToPath(main), ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code) => process.exit(code ?? 1));
}

function modulesAbove(folder) {
  const above = dirname(folder);
  return [join(folder, "node_modules/.bin"), ...(above === folder ? [] : modulesAbove(above))];
}
