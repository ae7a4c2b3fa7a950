import { mkdir, open, readdir, rename, rm, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "@tether/sdk/clock";
import { writeMcap } from "./mcap.ts";
import { createRing, type Kept, sizeOf } from "./ring.ts";

/** How long before the moment is kept, in ms, and how long after it is waited for. */
export const span = { beforeMs: 30_000, afterMs: 2_000 } as const;
/** The most of the ring, in bytes of frames: four cameras at 4 Mbit/s. */
const ringBytes = 64 * 1024 * 1024;
/** The most that stay on the robot's disk; the oldest is deleted. */
export const keptMost = 20;
/** Recordings leave so many bytes of the disk free: the robot's key and a STOP in force are kept there as well. */
const leftFree = 128 * 1024 * 1024;

/** A recording on the robot's disk. */
export type Recording = { readonly name: string; readonly bytes: number };

const extension = ".mcap";
const partly = ".part";
const nameForm = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z-[a-z.-]{1,32}\.mcap$/;

type Env = {
  readonly folder: string;
  /** Wall time: what is read beside other records of the robot. */
  readonly clock: Clock;
  readonly saved: (outcome: Recording | { readonly failed: string }) => void;
  /** The bytes that are free on the disk of a folder. */
  readonly freeOn?: (folder: string) => Promise<number>;
};

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Keeps the last half minute in memory, and writes it to a file when something happened. */
export function createRecorder({ folder, clock, saved, freeOn = freeBytes }: Env) {
  const ring = createRing(span.beforeMs + span.afterMs, ringBytes);
  let waiting: { reason: string; readonly cancel: () => void } | undefined;
  let writing = Promise.resolve();

  const removeAll = async (names: readonly string[]) => {
    for (const name of names) await rm(join(folder, name), { force: true });
  };

  /** Deletes the oldest recordings until a file of this size leaves enough free. What a crash left half written goes as well. */
  async function makeRoom(bytes: number): Promise<void> {
    const names = await readdir(folder);
    await removeAll(names.filter((one) => one.endsWith(partly)));
    const recordings = await list();
    let missing = bytes + leftFree - (await freeOn(folder));
    // Where others fill the disk, the recordings that are there are worth more than nothing.
    if (recordings.reduce((sum, one) => sum + one.bytes, 0) < missing) throw new Error("The disk of the robot's state is nearly full.");
    // A recording that is being fetched is freed later, as on some disks every file is: who asked the disk again would delete them all.
    while (missing > 0) {
      const oldest = recordings.pop();
      if (oldest === undefined) return;
      await removeAll([oldest.name]);
      missing -= oldest.bytes;
    }
  }

  async function write(name: string, reason: string, all: readonly Kept[]): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // Frames are written in base64.
    await makeRoom((all.reduce((sum, one) => sum + sizeOf(one), 0) * 4) / 3);
    const path = join(folder, name);
    // A file that is only half there has another name.
    const part = `${path}${partly}`;
    const bytes = await writeTo(part, reason, all).catch(async (error: unknown) => {
      await removeAll([`${name}${partly}`]);
      throw error;
    });
    await rename(part, path);
    saved({ name, bytes });
    // The clock of a robot may be years behind: the newest recording is then the first by its name.
    const others = (await readdir(folder)).filter((one) => nameForm.test(one) && one !== name).sort();
    await removeAll(others.slice(0, Math.max(0, others.length - keptMost + 1)));
  }

  async function writeTo(part: string, reason: string, all: readonly Kept[]): Promise<number> {
    const file = await open(part, "w", 0o600);
    let position = 0n;
    try {
      const writable = {
        async write(buffer: Uint8Array) {
          // Unlike `write`, it goes on where the system took only a part.
          await file.writeFile(buffer);
          position += BigInt(buffer.length);
        },
        position: () => position,
      };
      await writeMcap(writable, all, new Map([["reason", reason]]));
      await file.sync();
    } finally {
      await file.close();
    }
    return Number(position);
  }

  /** A file may be deleted while the list is made, as newer ones need its place. */
  async function recordingOf(name: string): Promise<Recording | undefined> {
    const found = await stat(join(folder, name)).catch(() => undefined);
    return found && { name, bytes: found.size };
  }

  /** Newest first. */
  async function list(): Promise<Recording[]> {
    const names = await readdir(folder).catch(() => []);
    const sizes = names.filter((name) => nameForm.test(name)).map((name) => recordingOf(name));
    const found = (await Promise.all(sizes)).filter((one) => one !== undefined);
    return found.sort((one, other) => (one.name < other.name ? 1 : -1));
  }

  function save(reason: string): void {
    waiting = undefined;
    const name = `${new Date(clock.now()).toISOString().replaceAll(":", "-")}-${reason.replaceAll(/[^a-z.-]/g, "-").slice(0, 32)}${extension}`;
    const all = ring.all();
    writing = writing
      .then(() => write(name, reason, all))
      .catch((error: unknown) => saved({ failed: error instanceof Error ? error.message : "unknown" }));
  }

  return {
    put: ring.put,
    /**
     * Something happened: writes what came before and shortly after. More that happens meanwhile is in the same file, which has the first
     * reason in its name, or that somebody pressed STOP: it is what they look for.
     */
    keep(reason: string): void {
      if (!waiting) {
        const begun = { reason, cancel: clock.after(span.afterMs, () => save(begun.reason)) };
        waiting = begun;
      } else if (reason === "stop") waiting.reason = reason;
    },
    /** Resolves when what was to be written is. */
    flushed: () => writing,
    list,
    /** The path of a recording; undefined for a name that is none. */
    pathOf: (name: string) => (nameForm.test(name) ? join(folder, name) : undefined),
    /** Writes at once what is still waited for. */
    async close(): Promise<void> {
      if (waiting) {
        waiting.cancel();
        save(waiting.reason === "stop" ? "stop" : "leaving");
      }
      await writing;
    },
  };
}
export type Recorder = ReturnType<typeof createRecorder>;
