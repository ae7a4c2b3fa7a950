import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A file of `release/shell`, which the installed system runs or reads. */
export const shell = (name: string): string => readFileSync(join(import.meta.dirname, "shell", name), "utf8");
