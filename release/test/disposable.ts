import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { expect, onTestFinished } from "vitest";

/**
 * A shell of root on a copy of this machine's disk, which goes with the test, as do all processes in it: what is written stays in memory. A folder
 * of the test's own is its `/mnt`. The network is the machine's.
 */
export function disposableMachine(folder: string) {
  const script = `set -e
mount -t tmpfs tmpfs /media && cd /media && mkdir upper work disk
mount -t overlay overlay -o lowerdir=/,upperdir=upper,workdir=work disk
mount --bind /dev disk/dev && mount -t proc proc disk/proc && mount --bind "$1" disk/mnt
exec chroot disk env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin sh`;
  const unshare = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script, "sh", folder];
  const [program = "", ...args] = process.getuid?.() === 0 ? unshare : ["sudo", "--non-interactive", ...unshare];
  const shell = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => shell.once("exit", resolve));
  onTestFinished(async () => {
    // The shell ends with its input, and takes along whatever still runs on its machine.
    shell.stdin.end();
    await ended;
  });
  const lines: string[] = [];
  createInterface(shell.stdout).on("line", (line) => lines.push(line));
  return {
    /** Runs a line to its end. */
    async run(line: string): Promise<{ code: number; said: string }> {
      const from = lines.length;
      const end = `== line ${from} ended with `;
      shell.stdin.write(`{ ${line}\n} 2>&1 </dev/null; echo "${end}$?"\n`);
      await expect.poll(() => lines.at(-1), { timeout: 300_000 }).toContain(end);
      const said = lines.slice(from, -1);
      return { code: Number(lines.at(-1)?.split(end)[1]), said: said.join("\n") };
    },
  };
}
