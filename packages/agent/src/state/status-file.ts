import type { Files } from "@tether/program/files";
import { replace } from "@tether/program/replace";
import type * as z from "zod/mini";

/** A file that only `status` reads. A write that fails is dropped: a full disk must not take a robot offline. */
export type StatusFile<News> = {
  note(news: News): void;
  /** Resolves once everything noted so far is written. */
  flushed(): Promise<void>;
};

export function openStatusFile<News>(files: Files, path: string): StatusFile<News> {
  let writing = Promise.resolve();
  return {
    note(news) {
      writing = writing.then(() => replace(files, path, `${JSON.stringify(news)}\n`)).catch(() => {});
    },
    flushed: () => writing,
  };
}

/** Undefined where there is no such file, or it cannot be read or parsed. */
export async function readStatusFile<Schema extends z.ZodMiniType>(
  files: Files,
  path: string,
  schema: Schema,
): Promise<z.infer<Schema> | undefined> {
  try {
    const found = await files.read(path);
    return found && schema.parse(JSON.parse(found.text));
  } catch {
    return undefined;
  }
}
