import { existsSync } from "node:fs";

/** The interpreter that has the system's packages; another one may come first on the path. */
export const python = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
