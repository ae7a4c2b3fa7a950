import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocal } from "@tether/local/start";
import { disk } from "@tether/program/disk";
import { platform } from "@tether/sdk/platform";
import { onTestFinished } from "vitest";
import { program, type Start } from "../src/program.ts";
import { visit } from "./visitor.ts";

/** A folder of the test's own. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "tether-cli-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export type Ran = { readonly code: number; readonly out: string; readonly err: string };

/** The program in this process, with a state folder of its own. What differs from a real start is told. */
export function terminal(differs: Partial<Start> = {}) {
  const home = folder();
  const all: string[] = [];

  async function tether(argv: readonly string[], more: Partial<Start> = {}): Promise<Ran> {
    const [out, err]: [string[], string[]] = [[], []];
    const keep = (lines: string[]) => (line: string) => {
      lines.push(line);
      all.push(line);
    };
    const code = await program({
      ...platform,
      variables: {},
      home,
      files: disk,
      machine: "a test",
      peerConnection: async () => undefined,
      open: () => {},
      readLine: async () => undefined,
      input: async () => "",
      streams: { out: keep(out), err: keep(err) },
      argv,
      ...differs,
      ...more,
    });
    return { code, out: out.join("\n"), err: err.join("\n") };
  }

  const file = join(home, ".local/state/tether/sign-in.json");
  return {
    home,
    file,
    tether,
    /** The sign-in that the program kept, as it is on the disk. */
    kept: () => JSON.parse(readFileSync(file, "utf8")),
    /** All that was ever printed. */
    printed: () => all.join("\n"),
  };
}

/** A running system, and a terminal beside it. */
export async function createRig({ clock = "real" }: { clock?: "real" | "virtual" } = {}) {
  const system = await startLocal({ port: 0, log: () => {}, clock });
  onTestFinished(() => system.stop());
  const shell = terminal(system.platform && { clock: system.platform.clock });
  const { origin } = system;

  /** Signs in as a person at a browser would, and answers what the program said of it. */
  async function signIn(email = "owner@tether.local", argv: readonly string[] = [origin]): Promise<Ran & { page: string }> {
    let page: Promise<string> | undefined;
    const ran = await shell.tether(["sign-in", ...argv, "--port", "0"], {
      open: (url) => {
        page = visit(url, email).then((response: Response) => response.text());
      },
    });
    return { ...ran, page: (await page) ?? "" };
  }

  /** Runs a command that must succeed, and reads its one JSON document. */
  async function json<Facts = Record<string, unknown>>(...argv: string[]): Promise<Facts> {
    const { code, out } = await shell.tether([...argv, "--json"]);
    if (code !== 0) throw new Error(`tether ${argv.join(" ")}: ${out}`);
    return JSON.parse(out) as Facts;
  }

  /** Sends time ahead as anyone at the local system may. */
  const ahead = (ms: number) => fetch(`${origin}/local/clock`, { method: "POST", body: JSON.stringify({ aheadMs: ms }) });

  return { ...shell, system, origin, signIn, json, ahead };
}
