import { homedir } from "node:os";
import { text } from "node:stream/consumers";
import { disk } from "@tether/program/disk";
import { useProxy } from "@tether/program/proxy";
import { createSocket } from "@tether/program/socket";
import { createStreams } from "@tether/program/streams";
import { platform } from "@tether/sdk/platform";
import { open } from "./browser.ts";
import { program } from "./program.ts";
import { createReadLine } from "./read-line.ts";

// A reader such as `head` closes the pipe once it has read enough; the program then has nothing left to do.
const streams = createStreams({ gone: () => process.exit(0) });
const variables = useProxy(process.env, streams.err);
const code = await program({
  ...platform,
  socket: createSocket(variables),
  argv: process.argv.slice(2),
  variables,
  home: homedir(),
  files: disk,
  machine: `Node ${process.versions.node}, ${process.platform} ${process.arch}`,
  peerConnection: () =>
    import("@roamhq/wrtc").then(
      ({ default: wrtc }) => wrtc.RTCPeerConnection,
      () => undefined,
    ),
  open,
  input: () => text(process.stdin),
  readLine: createReadLine(process.stdin),
  streams,
});
// Lines that wait for a slow reader are written first.
for (const stream of [process.stdout, process.stderr]) await new Promise<void>((resolve) => stream.write("", () => resolve()));
// Without this, a WebRTC engine that `doctor` loaded may end the process by a segmentation fault.
process.exit(code);
