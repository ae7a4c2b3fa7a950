import { homedir } from "node:os";
import { text } from "node:stream/consumers";
import { platform } from "@tether/sdk/platform";
import { onlooker } from "./attend.ts";
import { openDriver } from "./driver/open.ts";
import { program } from "./program.ts";
import { socket } from "./socket.ts";
import { disk } from "./state/disk.ts";

const stopped = new AbortController();
// Again and again without effect: leaving is bounded, and a launcher may hand the same Ctrl-C on.
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stopped.abort());

function alive(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    // EPERM: there is one, of another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

const code = await program({
  argv: process.argv.slice(2),
  variables: process.env,
  home: homedir(),
  streams: {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
  },
  platform: { ...platform, socket },
  files: disk,
  process: { id: process.pid, alive },
  attend: onlooker,
  openDriver,
  input: () => text(process.stdin),
  stopped: stopped.signal,
});
// A socket that nobody answers any more would keep the process for another half a minute.
process.exit(code);
