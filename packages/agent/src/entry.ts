import { extname } from "node:path";
import { fileURLToPath } from "node:url";

/** The first of the program's files: beside this one among the sources and in the built package; in a bundle it is this very file. */
const main = fileURLToPath(new URL(`./main${extname(import.meta.url)}`, import.meta.url));

/** The arguments with which Node becomes a process of the agent's own: the supervisor of a driver, the host of a driver module, that of peer connections and cameras, or one that examines peer connections. */
export function argumentsOf(part: "supervisor" | "host" | "media" | "examine"): readonly string[] {
  return [main, part];
}
