import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "../../pack/package.ts";
import { archiveName, folders, writeDocuments } from "../documents.ts";

const folder = mkdtempSync(join(tmpdir(), "tether-documents-"));
beforeAll(() => writeDocuments(folder));
afterAll(() => rmSync(folder, { recursive: true }));

const filesIn = (at: string) =>
  readdirSync(at, { recursive: true, encoding: "utf8" })
    .filter((path) => statSync(join(at, path)).isFile())
    .toSorted();
const text = (path: string) => readFileSync(join(folder, path), "utf8");

test("who writes a robot is served SPEC, the documents of drivers and robots, and every schema, example and vector as it is", () => {
  const served = filesIn(folder);
  expect(served).toEqual(expect.arrayContaining(["SPEC.md", "driver.md", "robot.md", "problems.md", "LICENSE"]));
  for (const one of Object.keys(folders)) {
    const place = join(root, "packages/protocol", one);
    expect(served.filter((path) => path.startsWith(`${one}/`))).toEqual(filesIn(place).map((path) => `${one}/${path}`));
    for (const path of filesIn(place)) expect(text(`${one}/${path}`), path).toBe(readFileSync(join(place, path), "utf8"));
  }
});

test("no link of a document leads to what is not served, and none of those between them was lost", () => {
  const links = filesIn(folder)
    .filter((path) => path.endsWith(".md"))
    .flatMap((path) => [...text(path).matchAll(/\]\(([^)\s#:]+)(?:#[^)]*)?\)/g)].map(([, to = ""]) => ({ path, to })));
  for (const { path, to } of links) expect(filesIn(folder), `${path} leads to ${to}`).toContain(posix.join(posix.dirname(path), to));
  expect(links).toContainEqual({ path: "robot.md", to: "driver.md" });
});

test("the page leads to each of them, and the archive holds them all", () => {
  const served = filesIn(folder).filter((path) => path !== "index.html");
  const hrefs = [...text("index.html").matchAll(/href="\/documents\/([^"]+)"/g)].map(([, href]) => href);
  expect(hrefs.toSorted()).toEqual(served.filter((path) => path !== "LICENSE"));
  const listed = spawnSync("tar", ["-tzf", join(folder, archiveName)], { encoding: "utf8" }).stdout.split("\n");
  const held = listed.filter((path) => path !== "" && !path.endsWith("/")).map((path) => path.replace("tether-documents/", ""));
  expect(held.toSorted()).toEqual(served.filter((path) => path !== archiveName));
});

test("the same documents give the same archive", async () => {
  const before = readFileSync(join(folder, archiveName));
  await writeDocuments(folder);
  expect(readFileSync(join(folder, archiveName)).equals(before)).toBe(true);
});
