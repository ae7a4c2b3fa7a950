import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildConsole } from "./browser.ts";

const dist = mkdtempSync(join(tmpdir(), "tether-console-"));
const most = 250 * 1_024;

type Chunk = { file: string; isEntry?: boolean; imports?: string[]; css?: string[]; assets?: string[] };

let manifest: Record<string, Chunk>;

beforeAll(async () => {
  await buildConsole(dist);
  manifest = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8"));
});

afterAll(() => rmSync(dist, { recursive: true }));

/** All that is fetched before the first page is there. */
function first(): Set<string> {
  const files = new Set(["index.html"]);
  const take = (key: string) => {
    const chunk = manifest[key];
    if (!chunk || files.has(chunk.file)) return;
    for (const file of [chunk.file, ...(chunk.css ?? []), ...(chunk.assets ?? [])]) files.add(file);
    for (const one of chunk.imports ?? []) take(one);
  };
  for (const [key, { isEntry }] of Object.entries(manifest)) if (isEntry) take(key);
  return files;
}

test("the first load is at most 250 KB gzipped", () => {
  const bytes = [...first()].reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file))).length, 0);
  expect(bytes).toBeGreaterThan(20_000);
  expect(bytes).toBeLessThanOrEqual(most);
});

test("pages beyond the fleet are loaded when one goes there", () => {
  const later = Object.entries(manifest).filter(([, { file }]) => file.endsWith(".js") && !first().has(file));
  expect(later.map(([source]) => source)).toEqual(
    expect.arrayContaining([
      "src/drive/drive-view.tsx",
      "src/timeline/timeline-view.tsx",
      "src/set-up/set-up-view.tsx",
      "src/diagnostics/diagnostics-page.tsx",
    ]),
  );
});

test("nothing is inline: no script, no style", () => {
  const page = readFileSync(join(dist, "index.html"), "utf8");
  expect(page.match(/<script(?![^>]*\ssrc=)/g)).toBeNull();
  expect(page.match(/<style|\sstyle=|\son\w+=/g)).toBeNull();
});
