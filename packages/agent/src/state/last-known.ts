import { join } from "node:path";
import type { Files } from "@tether/program/files";
import { replace } from "@tether/program/replace";
import * as z from "zod/mini";

/** What `run` last knew, for `status`; nothing depends on it. `at` by this robot's clock, the key's dates by the server's, in ms. */
export const LastKnown = z.object({
  at: z.int(),
  status: z.string(),
  session: z.optional(z.string()),
  why: z.optional(z.object({ code: z.string(), says: z.string(), remedy: z.string() })),
  key: z.optional(z.object({ kid: z.string(), rotateAfter: z.int(), expiresAt: z.int() })),
});
export type LastKnown = z.infer<typeof LastKnown>;

const pathIn = (folder: string) => join(folder, "last-known.json");

export type Diary = {
  note(news: LastKnown): void;
  /** Resolves once all that was noted is written. */
  settled(): Promise<void>;
};

/** A full disk must not take a robot offline: what cannot be written is not. */
export function openDiary(files: Files, folder: string): Diary {
  let writing = Promise.resolve();
  return {
    note(news) {
      writing = writing.then(() => replace(files, pathIn(folder), `${JSON.stringify(news)}\n`)).catch(() => {});
    },
    settled: () => writing,
  };
}

export async function lastKnown(files: Files, folder: string): Promise<LastKnown | undefined> {
  try {
    const found = await files.read(pathIn(folder));
    return found && LastKnown.parse(JSON.parse(found.text));
  } catch {
    return undefined;
  }
}
