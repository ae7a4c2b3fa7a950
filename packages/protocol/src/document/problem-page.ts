import { isFinal, type ProblemCode, problems } from "../problem.ts";
import { why } from "./why.ts";

const codes = Object.keys(problems) as ProblemCode[];

/** The style of all the pages, beside them. */
const style = `body { font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; }
code, pre { font-family: ui-monospace, monospace; }
pre { overflow-x: auto; padding: 1rem; background: #8881; }
:root { color-scheme: light dark; }
`;

/** The pages to which the `type` of a refusal leads, by their paths at the console's origin. */
export function problemPages(): Readonly<Record<string, string>> {
  const pages = codes.map((code) => [`problems/${code}.html`, page(code)] as const);
  return { ...Object.fromEntries(pages), "problems/index.html": index(), "problems/page.css": style };
}

function page(code: ProblemCode): string {
  const { status, says, remedy } = problems[code];
  const seen = { type: `…/problems/${code}.html`, title: says, status, detail: remedy, code, serverTime: 1_800_000_000_000 };
  const frame = { type: "problem", code, says, remedy };
  const waits = isFinal(code, status)
    ? "A program that is refused so while it asks for a ticket stays down, and says why: asking the same again is no use."
    : "A program that is refused so while it asks for a ticket tries again by itself, after a random wait.";
  return html(code, [
    `<h1><code>${code}</code></h1>`,
    `<h2>What it means</h2><p>${text(says)}</p>`,
    `<h2>Why</h2><p>${text(why[code])}</p>`,
    `<h2>What to do</h2><p>${text(remedy)}</p><p>${waits}</p>`,
    `<h2>What you will see</h2><p>Over HTTP, with the status ${status} and <code>application/problem+json</code>:</p>`,
    `<pre>${text(JSON.stringify(seen, null, 2))}</pre>`,
    `<p>On a socket:</p><pre>${text(JSON.stringify(frame, null, 2))}</pre>`,
    `<p><a href="index.html">All problems</a></p>`,
  ]);
}

function index(): string {
  const rows = codes.map((code) => `<li><a href="${code}.html"><code>${code}</code></a>: ${text(problems[code].says)}</li>`);
  return html("Problems", ["<h1>Problems</h1>", `<ul>\n${rows.join("\n")}\n</ul>`]);
}

function html(title: string, body: readonly string[]): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Tether</title><link rel="stylesheet" href="page.css"></head>
<body>
${body.join("\n")}
</body></html>
`;
}

/** Words of the table as HTML; what stands between back quotes is code. */
function text(words: string): string {
  const escaped = words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return escaped.replace(/`([^`]+)`/g, "<code>$1</code>");
}
