import { spawn } from "node:child_process";
import { chmodSync, chownSync, existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** The user of Debian that owns nothing. Tests that root runs act as that one, because a robot's owner need not be root. */
const nobody = 65_534;

/** A user with an empty home and nothing but the system's own programs. */
export function bareUser() {
  const home = mkdtempSync(join(tmpdir(), "tether bäre "));
  const identity = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  if (identity.uid !== undefined) chownSync(home, nobody, nobody);
  chmodSync(home, 0o755);
  const env = { HOME: home, PATH: "/usr/bin:/bin" };
  const robot = join(home, ".local/bin/tether-robot");

  /** Runs a line as it is pasted into a shell. */
  async function paste(line: string): Promise<{ code: number | null; said: string }> {
    const child = spawn("sh", ["-c", line], { env, cwd: home, ...identity, stdio: ["ignore", "pipe", "pipe"] });
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    return { code, said: `${out}${err}` };
  }

  onTestFinished(async () => {
    const pid = keeper();
    if (pid !== undefined) process.kill(pid, "SIGTERM");
    rmSync(home, { recursive: true, force: true, maxRetries: 10 });
  });

  /** The process that keeps the robot running where there is no systemd. */
  function keeper(): number | undefined {
    const path = join(home, ".local/state/tether-robot/keeper.pid");
    return existsSync(path) ? Number(readFileSync(path, "utf8")) : undefined;
  }

  return {
    home,
    paste,
    keeper,
    /** The processes that run anything of this home. */
    processes: () => readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && commandOf(pid).includes(home)),
    robot: (command: string) => paste(`"${robot}" ${command}`),
    /** Every file and link, with when it was changed, but for the robot's own state. */
    files: () =>
      readdirSync(home, { recursive: true, encoding: "utf8" })
        .filter((path) => !path.startsWith(".local/state"))
        .map((path) => ({ path, ...stamp(join(home, path)) })),
    state: (name: string) => readFileSync(join(home, ".local/state/tether-robot", name), "utf8"),
  };
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    // The process has ended meanwhile.
    return "";
  }
}

function stamp(path: string) {
  const { mtimeMs, size, mode } = lstatSync(path);
  return lstatSync(path).isDirectory() ? { mode } : { mode, size, mtimeMs };
}
