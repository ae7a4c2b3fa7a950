import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { readWorkspace, root } from "../pack/package.ts";
import { type Entry, tar } from "./archive.ts";
import { gzip } from "./compress.ts";
import { type Item, listPage } from "./page.ts";

/** The texts that whoever writes a robot needs, by their names here, with their places in the repository. */
const texts = {
  "SPEC.md": ["packages/protocol/SPEC.md", "the protocol, in numbered clauses"],
  "robot.md": ["docs/robot.md", "a robot: enrolling, running, rotating, updates"],
  "driver.md": ["docs/driver.md", "what a robot does with commands, and what it declares itself to be"],
  "camera.md": ["docs/camera.md", "what operators see"],
  "safety.md": ["docs/safety.md", "what stops a robot, and in what time"],
  "problems.md": ["docs/problems.md", "every refusal and every ending"],
  "conforming.md": ["docs/conforming.md", "how a robot or a client is judged"],
  "compatibility.md": ["docs/compatibility.md", "what may be built upon"],
  "glossary.md": ["docs/glossary.md", "the words"],
} as const;

/** The folders of the protocol that are served as they are, which its package for npm holds, too. */
export const folders = {
  schema: "JSON Schemas of frames, bodies and messages, and an AsyncAPI document",
  vectors: "known answers: proofs, keys, permits, what a guard does",
  golden: "good and bad examples of each frame, body and message",
  transcript: "whole stories, as the ends and the broker told them: over HTTP, on sockets and on channels",
} as const;

/** The archive that holds all of them. */
export const archiveName = "documents.tar.gz";

/** All documents, by their paths. A link to what is not among them becomes plain text. */
export function documents(): readonly Entry[] {
  const places = new Map<string, string>(Object.entries(texts).map(([name, [place]]) => [place, name]));
  const files = Object.keys(folders).flatMap((folder) => globSync(`${folder}/**/*.json`, { cwd: join(root, "packages/protocol") }));
  for (const file of files.toSorted()) places.set(`packages/protocol/${file}`, file);
  places.set("LICENSE", "LICENSE");
  return [...places].map(([place, path]) => {
    const data = readFileSync(join(root, place));
    return { path, data: path.endsWith(".md") ? Buffer.from(relinked(data.toString("utf8"), place, places)) : data, mode: 0o644 };
  });
}

function relinked(text: string, place: string, places: ReadonlyMap<string, string>): string {
  return text.replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, (link, words: string, target: string) => {
    if (/^(\w+:|#)/.test(target)) return link;
    const [path = "", part] = target.split("#");
    const served = places.get(posix.join(posix.dirname(place), path));
    return served === undefined ? words : `[${words}](${served}${part === undefined ? "" : `#${part}`})`;
  });
}

/** The page that leads to them. */
export function documentsPage(files: readonly Entry[]): string {
  const { version } = readWorkspace("protocol");
  const at = (path: string) => `/documents/${path}`;
  const within = (folder: string): Item[] =>
    files.filter(({ path }) => path.startsWith(`${folder}/`)).map(({ path }) => ({ href: at(path), text: path.slice(folder.length + 1) }));
  return listPage(
    "Write a robot for Tether",
    [
      `What a robot, or a client, in any language needs to know of Tether ${version}. Begin with SPEC.md.`,
      "The API describes itself at /v1/openapi.json and /v1/asyncapi.json of its own address, which /config.json names.",
    ],
    [
      { title: "All of it", items: [{ href: at(archiveName), text: archiveName }] },
      { title: "Texts", items: Object.entries(texts).map(([path, [, says]]) => ({ href: at(path), text: path, says })) },
      ...Object.entries(folders).map(([folder, says]) => ({ title: `${folder}/: ${says}`, items: within(folder) })),
    ],
  );
}

/** Writes what is served under `/documents/`. */
export async function writeDocuments(to: string): Promise<void> {
  rmSync(to, { recursive: true, force: true });
  const files = documents();
  const put = (path: string, data: Buffer | string) => {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    writeFileSync(join(to, path), data);
  };
  for (const { path, data } of files) put(path, data);
  put(archiveName, await gzip(tar(files.map((file) => ({ ...file, path: `tether-documents/${file.path}` })))));
  put("index.html", documentsPage(files));
}

if (import.meta.main) await writeDocuments(join(root, "packages/console/dist/documents"));
