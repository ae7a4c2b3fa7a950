import { readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { text } from "node:stream/consumers";
import { disk } from "@tether/program/disk";
import { useProxy } from "@tether/program/proxy";
import { createReach } from "@tether/program/reach";
import { createSocket } from "@tether/program/socket";
import { createStreams } from "@tether/program/streams";
import { platform } from "@tether/sdk/platform";
import { examineBy } from "./doctor/examine/examine.ts";
import { openDriver } from "./driver/open.ts";
import { exits } from "./exit.ts";
import { observer } from "./observer.ts";
import { program } from "./program.ts";
import { installationOf } from "./update/installation.ts";

const stopped = new AbortController();
// Further signals have no effect: signing off takes bounded time, and a launcher may pass the same Ctrl-C on twice.
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => stopped.abort());

/** The file that is written if this process ends by an error. */
let crashNote: { readonly path: string; readonly text: string } | undefined;

/** The version of the agent that is installed; undefined where its package's description is missing. */
function installed(): string | undefined {
  try {
    const description: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
    return typeof description === "object" && description !== null && "version" in description ? String(description.version) : undefined;
  } catch {
    return undefined;
  }
}

/** The boot id of the machine; undefined on systems without one. */
function bootId(): string | undefined {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return undefined;
  }
}

// The robot stays online though nobody reads what it prints, and unread output must not fill the memory.
const streams = createStreams({ maxWaiting: 256 * 1024 });
const variables = useProxy(process.env, streams.err);

/** Exits at once, because the state after an uncaught error is unknown. The supervisor then stops the robot. */
function crash(error: unknown): void {
  streams.err(error instanceof Error ? (error.stack ?? error.message) : String(error));
  try {
    if (crashNote) writeFileSync(crashNote.path, crashNote.text, { mode: 0o600 });
  } finally {
    process.exit(exits.failed.code);
  }
}
process.on("uncaughtException", crash);
process.on("unhandledRejection", crash);

const code = await program({
  argv: process.argv.slice(2),
  variables,
  home: homedir(),
  streams,
  platform: { ...platform, socket: createSocket(variables) },
  files: disk,
  reach: createReach(variables),
  examine: examineBy(platform),
  machine: `Node ${process.versions.node}, ${process.platform} ${process.arch}`,
  process: {
    id: process.pid,
    boot: bootId(),
    version: installed(),
    installed,
    setCrashNote(note) {
      crashNote = note;
    },
  },
  handleSession: observer,
  openDriver,
  installation: installationOf(disk, process.argv[1] ?? ""),
  input: () => text(process.stdin),
  stopped: stopped.signal,
});
// A socket without an answer would keep the process alive for another half a minute.
process.exit(code);
