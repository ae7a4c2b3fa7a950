import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { processGroupOf, signalGroup } from "../../src/supervisor/process-group.ts";
import { childrenOf, folder, isRunning } from "../agent-process.ts";

/** An agent with a driver and a media process, both of which run. */
async function startAgent() {
  const child = spawn(process.execPath, [join(import.meta.dirname, "agent-to-kill.ts"), folder()], { stdio: ["ignore", "pipe", "ignore"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  expect(String((await once(child.stdout, "data"))[0])).toBe("ready\n");
  const pid = child.pid ?? 0;
  const part = (name: string) => {
    const found = childrenOf(pid).find((one) => readFileSync(`/proc/${one}/cmdline`, "utf8").split("\0").includes(name));
    if (found === undefined) throw new Error(`There is no ${name}.`);
    const group = processGroupOf(found);
    onTestFinished(() => void signalGroup(group, "SIGKILL"));
    return group;
  };
  return { child, media: part("media"), supervisor: part("supervisor") };
}

test("a media process that is stopped when its agent is killed is ended by the supervisor, which then ends itself", async () => {
  const { child, media, supervisor } = await startAgent();
  process.kill(media.id, "SIGSTOP");
  child.kill("SIGKILL");
  await once(child, "exit");
  await expect.poll(() => isRunning(media.id)).toBe(false);
  await expect.poll(() => isRunning(supervisor.id)).toBe(false);
});
