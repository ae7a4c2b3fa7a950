import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { onTestFinished } from "vitest";
import { realClock } from "../../src/clock/real.ts";
import { freePort } from "../../src/engine/port.ts";

const startMs = 10_000;

/** A real coturn on this machine, with the shared secret; it ends with the test. */
export async function startTurnServer(secret: string): Promise<{ url: string }> {
  const port = await freePort();
  const child = spawn(
    "turnserver",
    [
      ...["-n", "--no-cli", "--no-tls", "--no-dtls", "--fingerprint", "--use-auth-secret", `--static-auth-secret=${secret}`],
      ...["--realm=tether.local", "--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", `--listening-port=${port}`],
      // Peers are on this machine too, which coturn forbids unless told.
      ...["--allow-loopback-peers", "--min-port=52000", "--max-port=52100", "--log-file=stdout", "--pidfile="],
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes: Buffer) => (said = (said + bytes.toString()).slice(-2_000)));
  const missing = once(child, "error").then(() => {
    throw new Error("turnserver is not installed, and this test relays through it: apt-get install coturn");
  });
  missing.catch(() => undefined);
  onTestFinished(async () => {
    if (child.exitCode !== null || child.pid === undefined) return;
    const over = once(child, "exit");
    child.kill("SIGKILL");
    await over;
  });
  const end = realClock.now() + startMs;
  while (!(await Promise.race([listens(port), missing]))) {
    if (realClock.now() > end || child.exitCode !== null) throw new Error(`coturn did not start: ${said}`);
    await new Promise<void>((resolve) => void realClock.after(20, resolve));
  }
  return { url: `turn:127.0.0.1:${port}?transport=udp` };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
