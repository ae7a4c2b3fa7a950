import { homedir } from "node:os";
import { text } from "node:stream/consumers";
import { platform } from "@tether/sdk/platform";
import { open } from "./browser.ts";
import { disk } from "./kept/disk.ts";
import { program } from "./program.ts";

function alive(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    // EPERM: there is one, of another user.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

process.exitCode = await program({
  ...platform,
  argv: process.argv.slice(2),
  variables: process.env,
  home: homedir(),
  disk,
  process: { id: process.pid, alive },
  machine: `Node ${process.versions.node}, ${process.platform} ${process.arch}`,
  peerConnection: () =>
    import("@roamhq/wrtc").then(
      ({ default: wrtc }) => wrtc.RTCPeerConnection,
      () => undefined,
    ),
  open,
  input: () => text(process.stdin),
  streams: {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
  },
});
