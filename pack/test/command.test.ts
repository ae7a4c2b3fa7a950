import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isTrouble } from "@tether/agent/exit";
import { readOptions as readRobotOptions, commands as robotCommands } from "@tether/agent/options";
import { readOptions as readStartOptions } from "@tether/local/options";
import { describe, expect, test } from "vitest";
import { commands } from "../../packages/cli/src/command/all.ts";
import { readOptions } from "../../packages/cli/src/options.ts";
import { blocks, type Command, commandsIn, spans } from "../block.ts";
import { readWorkspace, root } from "../package.ts";

type Scripts = { readonly scripts?: Readonly<Record<string, string>>; readonly devDependencies?: Readonly<Record<string, string>> };

const read = (path: string): Scripts => JSON.parse(readFileSync(join(root, path), "utf8"));
const { scripts = {}, devDependencies = {} } = read("package.json");
const generator = "@openapitools/openapi-generator-cli";
const generated = read("packages/local/test/api/generator/package.json").devDependencies ?? {};

/** Programs of others, and why a block with one of them is read and not run. */
const elsewhere: Readonly<Record<string, string>> = {
  aws: "It needs an account of AWS.",
  docker: "It fetches from a registry.",
  openssl: "It is part of a pipe from an address that is an example.",
  sed: "It is part of a pipe from an address that is an example.",
  sha256sum: "It is part of a pipe from an address that is an example.",
  pbpaste: "It is of macOS.",
  export: "The shell does it.",
  cc: "The build script of the example in C compiles the same files.",
  ar: "It packs what the compiler made.",
};

/** Says why a command is wrong; undefined where it is right. */
function fault([program, ...args]: Command, folder: string): string | undefined {
  const found = (path: string) => (existsSync(join(root, folder, path)) ? undefined : `There is no ${join(folder, path)}.`);
  switch (program) {
    case "tether": {
      const options = readOptions(args);
      return "says" in options ? `${options.says} ${options.remedy}` : undefined;
    }
    case "tether-robot": {
      const options = readRobotOptions(args);
      return options !== "help" && isTrouble(options) ? options.says : undefined;
    }
    case "npm":
      return npmFault(args);
    case "npx":
      return npxFault(args);
    case "node":
      return found(args[0] ?? "");
    case "python3":
      return args[0] === "-m" ? undefined : found(args[0] ?? "");
    case "curl":
      return /\/install\/robot\.sh$/.test(args.at(-1) ?? "") ? undefined : `Nothing is served at ${args.at(-1)}.`;
    case "sh":
      return args.join(" ") === "-s -- CODE" || args.join(" ") === "-s -- --remove" ? undefined : "robot.sh takes no such words.";
    default:
      if (program.startsWith("./")) return found(program);
      // A line before it builds that program.
      if (program.startsWith("/tmp/")) return undefined;
      return program in elsewhere ? undefined : `${program} is no program that a reader has.`;
  }
}

function npmFault(args: readonly string[]): string | undefined {
  const [what = "", ...rest] = args;
  if (what === "ci" || what === "test") return undefined;
  if (what === "start") {
    const options = readStartOptions(rest.slice(rest.indexOf("--") + 1));
    return "exit" in options && options.exit !== 0 ? options.says : undefined;
  }
  if (what === "i") {
    const name = rest.at(-1) ?? "";
    const file = `dist/packages/tether-sdk-${readWorkspace("sdk").version}.tgz`;
    return name === `./${file}` || /^https?:\S+\/install\/tether(-robot)?\.tgz$/.test(name)
      ? undefined
      : `${name} is nothing that is served or built.`;
  }
  const [script = "", flag, of = ""] = rest;
  const known = flag === "-w" ? (read(`packages/${of.replace("@tether/", "")}/package.json`).scripts ?? {}) : scripts;
  if (what !== "run" || !(script in known)) return `There is no npm ${args.join(" ")}.`;
  // A script's options are those that the file that it runs names.
  const flags = flag === "--" ? rest.filter((one) => one.startsWith("--") && one !== "--") : [];
  if (flags.length === 0) return undefined;
  const source = /\S+\.ts/.exec(known[script]?.replace(/^vitest.*/, "") ?? "")?.[0];
  const text = source === undefined ? "" : readFileSync(join(root, source), "utf8");
  return flags.find((one) => !new RegExp(`(--|["'\\s.{])${one.slice(2)}\\b`).test(text));
}

function npxFault([what = "", ...rest]: readonly string[]): string | undefined {
  if (what === `${generator}@${generated[generator]}`) return undefined;
  if (what === "vitest") return rest.slice(1).find((path) => !existsSync(join(root, path)));
  return what in devDependencies ? undefined : `npx would fetch ${what}.`;
}

const shell = blocks.flatMap(({ document, line, language, code }) =>
  code.split("\n").flatMap((text, at) => {
    const written = language === "console" ? /^\$ (.*)/.exec(text)?.[1] : language === "sh" ? text : undefined;
    return written ? commandsIn(written).map((command) => ({ document, line: line + at + 1, command })) : [];
  }),
);
// The tools of a package are run in its folder, as its README says.
const folderOf = (document: string, [program]: Command) => (/^(python3$|\.\/)/.test(program) ? document.replace(/\/?[^/]*$/, "") : "");

test("each command in the documents' shell blocks is one that its program takes, with these words and options", () => {
  expect(shell.length).toBeGreaterThan(60);
  const faults = shell.flatMap(({ document, line, command }) => {
    const says = fault(command, folderOf(document, command));
    return says === undefined ? [] : [`${document}:${line}: ${command.join(" ")}: ${says}`];
  });
  expect(faults).toEqual([]);
});

test("each command that the documents name within a sentence exists, and so do its options", () => {
  const faults = spans.flatMap(({ document, line, code }) => {
    const [command] = commandsIn(code.replace(/^… \| /, ""));
    const says = command && spanFault(command);
    return says === undefined ? [] : [`${document}:${line}: ${code}: ${says}`];
  });
  expect(faults).toEqual([]);
});

/** A sentence names a command, and need not write all of its arguments. */
function spanFault([program, ...args]: Command): string | undefined {
  if (args.length === 0) return undefined;
  const flags = args.filter((one) => one.startsWith("--") && one !== "--").map((one) => one.slice(2));
  if (program === "tether") {
    const [command] = commands.filter(({ words }) => `${args.join(" ")} `.startsWith(`${words} `));
    if (!command && !flags.includes("help")) return "There is no such command.";
    const taken: readonly string[] = [...(command?.flags ?? []), "json", "help"];
    return flags.find((flag) => !taken.includes(flag));
  }
  if (program === "tether-robot") {
    // `keep` is of the installed program's wrapper.
    const [name = ""] = args;
    return name in robotCommands || ["keep", "--help", "--version"].includes(name) ? undefined : "There is no such command.";
  }
  if (program === "npm") return args[0] === "start" && args.at(-1)?.startsWith("--") ? undefined : npmFault(args);
  if (program === "node" && args[0]?.endsWith(".ts")) return existsSync(join(root, args[0])) ? undefined : "There is no such file.";
  return undefined;
}

describe("what is no command is found", () => {
  test.each([
    ["tether robots list"],
    ["tether robot set Rover --dead-man 300"],
    ["tether-robot run --speed 3"],
    ["npm run benchmark"],
    ["npm run release -- --make-keys"],
    ["npm start -- --memories"],
    ["npx prettier ."],
    ["curl -fsSL https://console.example.org/install/robots.sh"],
    ["make all"],
    ["python3 sample.py"],
  ])("%s", (line) => {
    expect(commandsIn(line).flatMap((command) => fault(command, "packages/python") ?? [])).toHaveLength(1);
  });
});

test("a line's commands are found behind variables, in pipes and lists, and without remarks", () => {
  expect(commandsIn(`A=b one 'two words' --c "d | e" && f | g -h # i`)).toEqual([["one", "two words", "--c", "d | e"], ["f"], ["g", "-h"]]);
  expect(commandsIn("# nothing")).toEqual([]);
});
