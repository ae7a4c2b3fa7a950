import type { Files } from "@tether/program/files";

/** Whether the step in which the process dies was still done: a request may be answered although nobody hears the answer. */
export const moments = ["before", "after"] as const;
export type Moment = (typeof moments)[number];

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A process that dies at its nth step, a step being any touch of the disk or the network. Nothing it does afterwards has an effect. */
export function createMortal(world: { files: Files; fetch: Fetch }, deathAt: number, moment: Moment) {
  let steps = 0;

  async function step<Result>(work: () => Promise<Result>): Promise<Result> {
    steps += 1;
    if (steps < deathAt) return work();
    if (steps === deathAt && moment === "after") await work();
    throw new Error("The process is dead.");
  }

  const { files } = world;
  const mortalFiles: Files = {
    user: files.user,
    read: (path) => step(() => files.read(path)),
    modeOf: (path) => step(() => files.modeOf(path)),
    makeFolder: (path) => step(() => files.makeFolder(path)),
    create: (path, text) => step(() => files.create(path, text)),
    flush: (path) => step(() => files.flush(path)),
    rename: (from, to) => step(() => files.rename(from, to)),
    remove: (path) => step(() => files.remove(path)),
    take: files.take,
  };
  return {
    files: mortalFiles,
    fetch: (url: string, init: RequestInit) => step(() => world.fetch(url, init)),
    died: () => steps >= deathAt,
  };
}
