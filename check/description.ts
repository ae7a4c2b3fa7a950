import { blank, lineOf } from "./blank.ts";
import { type File, isCode } from "./tree.ts";

/** The only files that may read a description back from a peer connection, and why. */
const readers: Readonly<Record<string, string>> = {
  "packages/local/src/conform/operator-peer.ts": "reads it once no more candidates are found",
  "packages/local/test/ice/relay.machine.test.ts": "reads it once no more candidates are found",
};

const reading = /(?<=[.\w\])]\s*\??\.)(?:(?:current|pending)(?:Local|Remote)|local|remote)Description\b/g;

/** Places that read a peer connection's description: wrtc 0.10 ends the process where its own thread adds a candidate to it meanwhile. */
export function descriptionsRead(files: readonly File[], allowed = readers): string[] {
  return files
    .filter(({ path }) => isCode(path) && path.startsWith("packages/") && allowed[path] === undefined)
    .flatMap(({ path, text }) =>
      [...blank(text).matchAll(reading)].map(
        ({ 0: found, index }) => `${path}:${lineOf(text, index)} \`${found}\` is read from the engine; keep what it was given.`,
      ),
    );
}
