import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { startLocal } from "@tether/local/start";
import { expect, onTestFinished, test } from "vitest";
import { bareUser } from "../../packages/agent/test/install/bare.ts";
import { visit } from "../../packages/cli/test/visitor.ts";
import { blocks } from "../block.ts";
import { installTools, nodes } from "../trial/trial.ts";

/** The lines of a document's shell blocks, as somebody types them: without what stands behind them for the reader. */
function linesOf(document: string): readonly (readonly string[])[] {
  const shell = blocks.filter((block) => block.document === document && block.language === "sh");
  return shell.map(({ code }) =>
    code
      .trim()
      .split("\n")
      .map((line) => line.replace(/ +# .*/, "")),
  );
}

/** An owner's terminal, with the oldest Node that is promised and nothing of Tether in it. What it would open in a browser is kept in a file. */
function ownersTerminal() {
  installTools();
  const home = mkdtempSync(join(tmpdir(), "tether-owner-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true, maxRetries: 10 }));
  const opened = join(home, "opened");
  mkdirSync(join(home, "bin"));
  writeFileSync(join(home, "bin/xdg-open"), `#!/bin/sh\nprintf %s "$1" >"${opened}.part" && mv "${opened}.part" "${opened}"\n`, {
    mode: 0o755,
  });
  const path = [join(home, "bin"), join(home, "npm/bin"), dirname(nodes["Node 20"]), process.env.PATH].join(delimiter);
  // npm's own settings are the machine's: where its registry is, and how it is reached.
  const settings = { npm_config_prefix: join(home, "npm"), npm_config_userconfig: join(homedir(), ".npmrc") };
  const env = { ...process.env, ...settings, HOME: home, PATH: path };
  return {
    async paste(line: string): Promise<{ code: number | null; said: string }> {
      const child = spawn("sh", ["-c", line], { env, cwd: home, stdio: ["ignore", "pipe", "pipe"] });
      onTestFinished(() => void child.kill("SIGKILL"));
      const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
      const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
      return { code: await ended, said: `${out}${err}` };
    },
    async opened(): Promise<string> {
      await expect.poll(() => existsSync(opened)).toBe(true);
      return readFileSync(opened, "utf8");
    },
  };
}

test("the lines of the README and of docs/robot.md, as they stand there, put a robot online, set it up and take its keys away", async () => {
  const system = await startLocal({ port: 0, log: () => {} });
  onTestFinished(() => system.stop());
  const owner = ownersTerminal();
  const robot = bareUser();
  const known = { CODE: "", KID: "" };
  const said: Record<string, string> = {};

  async function type(line: string): Promise<void> {
    const written = line
      .replace(/http:\/\/127\.0\.0\.1:4400|https:\/\/console\.example\.org/, system.origin)
      .replace(/\b(CODE|KID)\b/, (name) => known[name as keyof typeof known])
      .replace(" Rover ", ' "My robot" ');
    const isRobots = /^(curl|tether-robot)\b/.test(written);
    const typed = isRobots ? robot.paste(`PATH=$HOME/.local/bin:$PATH; ${written}`) : owner.paste(written);
    if (written.startsWith("tether sign-in")) expect((await visit(await owner.opened(), "owner@tether.local")).status).toBe(200);
    const { code, said: words } = await typed;
    expect({ written, code, words }).toEqual({ written, code: 0, words });
    said[line] = words;
    known.CODE = /robot\.sh \| sh -s -- (\S+)/.exec(words)?.[1] ?? known.CODE;
    known.KID = /^(\S{43}) +active/m.exec(words)?.[1] ?? known.KID;
  }

  const [, setUp = [], then = []] = linesOf("README.md");
  const [, atTheRobot = [], stolen = []] = linesOf("docs/robot.md");
  for (const line of [...setUp, ...atTheRobot, ...then, ...stolen]) await type(line);
  const wordsOf = (start: string) => Object.entries(said).find(([line]) => line.startsWith(start))?.[1];
  expect(wordsOf("curl")).toContain("online.");
  expect(wordsOf("tether why")).toContain("revoked a key of the robot.");
  expect(wordsOf("tether doctor")).toContain("My robot is online.");
  expect(wordsOf("tether key revoke Rover all")).toContain("Revoked");
});
