import { dirname } from "node:path";
import type { Files } from "@tether/program/files";

type Content = { text: string; flushed: string; mode: number };

/** The content of a disk after a power cut: `all`, as after a crash of the process; `flushed`, only what was flushed; `names`, file names without their content. */
export const losses = ["all", "flushed", "names"] as const;
export type Loss = (typeof losses)[number];

/** A disk that forgets, as the real one may, whatever was not flushed. */
export function createMemoryDisk(): Files & { lose(keeping: Loss): void; readonly names: ReadonlyMap<string, Content> } {
  let names = new Map<string, Content>();
  let flushedNames = new Map<string, Content>();
  const held = new Set<string>();
  const need = (path: string): Content => {
    const found = names.get(path);
    if (!found) throw new Error(`ENOENT ${path}`);
    return found;
  };
  return {
    user: 1000,
    get names() {
      return names;
    },
    async read(path) {
      const found = names.get(path);
      return found && { text: found.text, mode: found.mode, owner: 1000 };
    },
    modeOf: async () => 0o700,
    async makeFolder() {},
    async create(path, text) {
      if (names.has(path)) return "exists";
      names.set(path, { text, flushed: "", mode: 0o600 });
      return "created";
    },
    async flush(path) {
      const found = names.get(path);
      if (found) found.flushed = found.text;
      else
        flushedNames = new Map(
          [...flushedNames].filter(([name]) => dirname(name) !== path).concat([...names].filter(([name]) => dirname(name) === path)),
        );
    },
    async rename(from, to) {
      names.set(to, need(from));
      names.delete(from);
    },
    async remove(path) {
      names.delete(path);
    },
    take(path) {
      if (held.has(path)) return undefined;
      held.add(path);
      return () => void held.delete(path);
    },
    lose(keeping) {
      if (keeping === "all") return;
      if (keeping === "flushed") names = new Map(flushedNames);
      for (const content of names.values()) content.text = content.flushed;
    },
  };
}
