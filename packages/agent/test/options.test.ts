import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { exits } from "../src/exit.ts";
import { commands, help, readOptions } from "../src/options.ts";
import { settings } from "../src/settings.ts";

describe("the command line", () => {
  test("is read with its flags in any place", () => {
    expect(readOptions(["--json", "enroll", "https://a.example", "--p256", "CODE", "--state=/s"])).toEqual({
      command: "enroll",
      args: ["https://a.example", "CODE"],
      json: true,
      config: undefined,
      settings: { state: "/s", algorithm: "p-256" },
      again: false,
      retireNow: false,
      force: false,
    });
  });

  test.each([
    [[], "no command"],
    [["statsu"], "There is no command “statsu”. Did you mean status?"],
    [["fly"], "“fly”"],
    [["run", "--fast"], "--fast"],
    [["run", "now"], "“now”"],
    [["status", "--retire-now"], "--retire-now"],
    [["rotate", "--again"], "--again"],
    [["run", "--p256"], "--p256"],
    [["enroll"], "needs a code"],
    [["enroll", "a", "b", "c"], "“c”"],
    [["run", "--state"], "--state"],
  ])("%j is answered by what is wrong and what to write", (argv, says) => {
    const read = readOptions(argv);
    expect(read).toMatchObject({
      exit: "usage",
      says: expect.stringContaining(says),
      remedy: expect.stringContaining("tether-robot --help"),
    });
  });

  test("asks for help with --help, beside whatever else", () => {
    expect([readOptions(["--help"]), readOptions(["run", "-h"])]).toEqual(["help", "help"]);
  });
});

test("help and docs/robot.md name every command, setting and exit code, and the unit does not start again what is final", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/robot.md"), "utf8");
  for (const { form } of Object.values(commands)) expect(help).toContain(form);
  for (const name of Object.keys(commands)) expect(page).toContain(`tether-robot ${name}`);
  for (const [name, { flag, variable }] of Object.entries(settings)) {
    expect(help).toContain(flag);
    expect(page).toContain(`| \`${flag}\` | \`${variable}\` | \`${name}\` |`);
  }
  for (const { code, says } of Object.values(exits)) {
    expect(help).toContain(says);
    expect(page).toContain(`| ${code} | ${says} |`);
  }
  const codes = [exits.usage, exits.unenrolled, exits.unsafe].map(({ code }) => code);
  const unit = readFileSync(join(import.meta.dirname, "../../../release/shell/tether-robot.service"), "utf8");
  expect(unit).toContain(`RestartPreventExitStatus=${codes.join(" ")}\n`);
});
