import { readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { text } from "node:stream/consumers";
import { disk } from "@tether/program/disk";
import { useProxy } from "@tether/program/proxy";
import { createSocket } from "@tether/program/socket";
import { createStreams } from "@tether/program/streams";
import { platform } from "@tether/sdk/platform";
import { onlooker } from "./attend.ts";
import { openDriver } from "./driver/open.ts";
import { exits } from "./exit.ts";
import { program } from "./program.ts";

useProxy(process.env);
const stopped = new AbortController();
// Again and again without effect: leaving is bounded, and a launcher may hand the same Ctrl-C on.
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => stopped.abort());

/** What is to be on the disk if this process ends by an error. */
let last: { readonly path: string; readonly text: string } | undefined;

/** Names this start of the machine, where it has such a name. */
function bootId(): string | undefined {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return undefined;
  }
}

// The robot stays online though nobody reads what it prints, and its output must not fill the memory then.
const streams = createStreams({ maxWaiting: 256 * 1024 });

/** Nothing is known of what state it left behind. The supervisor stops the robot as soon as this process is gone. */
function crash(error: unknown): void {
  streams.err(error instanceof Error ? (error.stack ?? error.message) : String(error));
  try {
    if (last) writeFileSync(last.path, last.text, { mode: 0o600 });
  } finally {
    process.exit(exits.failed.code);
  }
}
process.on("uncaughtException", crash);
process.on("unhandledRejection", crash);

const code = await program({
  argv: process.argv.slice(2),
  variables: process.env,
  home: homedir(),
  streams,
  platform: { ...platform, socket: createSocket(process.env) },
  files: disk,
  process: {
    id: process.pid,
    boot: bootId(),
    lastWords(words) {
      last = words;
    },
  },
  attend: onlooker,
  openDriver,
  input: () => text(process.stdin),
  stopped: stopped.signal,
});
// A socket that nobody answers any more would keep the process for another half a minute.
process.exit(code);
