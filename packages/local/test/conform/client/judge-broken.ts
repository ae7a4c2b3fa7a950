import { join } from "node:path";
import { realClock } from "../../../src/clock/real.ts";
import { judgeClient } from "../../../src/conform/client/run.ts";
import { brokenClients } from "./broken.ts";

const program = join(import.meta.dirname, "program.main.ts");

/** How the SDK's client is started, whole or broken. */
export const commandOf = (broken = "") => `TETHER_BROKEN='${broken.replaceAll("'", "'\\''")}' exec '${process.execPath}' '${program}'`;

/** Judges a broken client by the clause that it breaks. */
export async function judgeBroken(name: string) {
  const clause = brokenClients[name]?.clause ?? "";
  const { results } = await judgeClient({ clock: realClock, command: commandOf(name), level: "safe", only: [clause] });
  const failed = results.filter(({ outcome, why }) => outcome === "failed" && !why?.includes("did not come as far"));
  return { clause, isCaught: failed.some(({ clauses }) => clauses.includes(clause)), by: failed.flatMap(({ clauses }) => clauses) };
}
