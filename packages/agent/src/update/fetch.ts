import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Trouble } from "../exit.ts";
import type { Source } from "./installation.ts";
import { type Manifest, type ReleasedFile, readManifest } from "./manifest.ts";

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The largest manifest that is read, in bytes. */
const manifestMost = 1_000_000;

/** Fetches the list of what the deployment serves, if one of the installation's keys signed it. */
export async function fetchManifest(fetch: Fetch, { base, keys }: Source): Promise<Manifest | Trouble> {
  const url = `${base}/manifest.json`;
  try {
    const [list, signature] = await Promise.all([url, `${url}.sig`].map((one) => fetch(one, {})));
    if (!list?.ok || !signature?.ok)
      return trouble(
        "update.unserved",
        `${url} is answered with ${list?.status}.`,
        "Ask whoever runs the service whether it serves a release.",
      );
    const [bytes, signed] = [new Uint8Array(await list.arrayBuffer()), new Uint8Array(await signature.arrayBuffer())];
    // Said before the signature is looked at: it would be called forged, where a guest network only wants its terms accepted.
    if (bytes[0] !== "{".charCodeAt(0))
      return trouble(
        "network.captive",
        `${url} is answered with something that is no list of files.`,
        "A guest network's page or a proxy may stand before the service: look at the network, and try again.",
      );
    const manifest = bytes.length > manifestMost ? "malformed" : readManifest(bytes, signed, keys);
    if (manifest === "unsigned")
      return trouble(
        "update.unsigned",
        `${url} is not signed by the key of this installation.`,
        "Do not install it; tell whoever runs the service.",
      );
    if (manifest === "malformed") return trouble("update.malformed", `${url} cannot be read.`, "Install anew by the line of the console.");
    return manifest;
  } catch (error) {
    return trouble("network.failed", `${url} cannot be fetched: ${wordsOf(error)}`, "Look at the network, and try again.");
  }
}

/** Writes a served file to `path`, if it is the one that was signed. */
export async function fetchFile(
  fetch: Fetch,
  base: string,
  { name, bytes, sha256 }: ReleasedFile,
  path: string,
): Promise<Trouble | undefined> {
  const url = `${base}/${name}`;
  const hash = createHash("sha256");
  let size = 0;
  const check = new Transform({
    transform(chunk: Buffer, _, pass) {
      size += chunk.length;
      hash.update(chunk);
      // A body without an end must not fill the disk.
      pass(size > bytes ? new Error("it is longer than the list says") : null, chunk);
    },
  });
  try {
    const answer = await fetch(url, {});
    if (!answer.ok || !answer.body) return trouble("update.unserved", `${url} is answered with ${answer.status}.`, "Try again later.");
    await pipeline(Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]), check, createWriteStream(path));
  } catch (error) {
    return trouble("network.failed", `${url} cannot be fetched: ${wordsOf(error)}`, "Look at the network and the disk, and try again.");
  }
  if (hash.digest("hex") === sha256) return undefined;
  if (size < bytes) return trouble("network.cut", `${url} ended after ${size} of ${bytes} bytes.`, "Look at the network, and try again.");
  return trouble("update.altered", `${url} is not the file that was signed.`, "Do not install it; tell whoever runs the service.");
}

function trouble(code: string, says: string, remedy: string): Trouble {
  return { exit: "failed", code, says, remedy };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
