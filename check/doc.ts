import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { causes } from "../packages/protocol/src/cause.ts";
import { isFinal, problems } from "../packages/protocol/src/problem.ts";

type Problems = Readonly<Record<string, { status: number; says: string; remedy: string }>>;
type Causes = Readonly<Record<string, { close: number; retry: string; says: string; remedy: string }>>;

export const docPath = "docs/problems.md";

/** The page of all problems and causes, from the tables themselves. */
export function page(refused: Problems = problems, ended: Causes = causes): string {
  const refusals = Object.entries(refused).map(([code, { status, says, remedy }]) =>
    row(`\`${code}\``, status, isFinal(code, status) ? "yes" : "no", says, remedy),
  );
  const endings = Object.entries(ended)
    .sort(([, a], [, b]) => a.close - b.close)
    .map(([cause, { close, retry, says, remedy }]) => row(`\`${cause}\``, close, retry, says, remedy));
  return [
    "# Problems and causes",
    "",
    "Generated from `packages/protocol/src/problem.ts` and `cause.ts`; `node check/doc.ts --write` writes it anew.",
    "",
    "## Problems",
    "",
    "What can be refused: as `application/problem+json` over HTTP (RFC 9457), as a `problem` frame on a socket, and at the handshake.",
    "",
    "Where asking for a ticket is refused with one that is final, an end stays down until it is told otherwise; else it tries again (E3.1).",
    "",
    row("Code", "Status", "Final", "What is so", "First thing to do"),
    row("---", "---", "---", "---", "---"),
    ...refusals,
    "",
    "## Causes",
    "",
    "Why a session went away or ended: in `bye`, `peer.away` and `peer.ended`, and on the timeline. 4000–4499 means reconnect,",
    "4500–4999 final.",
    "",
    row("Cause", "Close", "Retry", "What is so", "First thing to do"),
    row("---", "---", "---", "---", "---"),
    ...endings,
    "",
  ].join("\n");
}

function row(...cells: (string | number)[]): string {
  return `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;
}

/** The problems of the committed page. */
export function doc(committed: string | undefined, wanted = page()): string[] {
  return committed === wanted ? [] : [`${docPath} is stale; run node check/doc.ts --write.`];
}

if (import.meta.main && process.argv.includes("--write")) writeFileSync(join(import.meta.dirname, "..", docPath), page());
