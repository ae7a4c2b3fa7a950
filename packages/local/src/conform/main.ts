import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandLine, endUsage } from "@tether/program/command-line";
import { realClock } from "../clock/real.ts";
import { levels } from "./case.ts";
import { clientCases, judgeClient } from "./client/run.ts";
import type { CaseResult } from "./judge.ts";
import { certificateKey } from "./keys.ts";
import { casesOf, lastLine } from "./list.ts";
import { judgeLive } from "./live/run.ts";
import { certificateOf, junitOf, linesOf, summaryOf } from "./report.ts";
import { cases, judgeRobot } from "./run.ts";
import { Failure } from "./watch.ts";

const usage = `Usage: npm run conform -- robot --command 'python3 robot.py {api} {code} {folder}' [options]
       TETHER_TOKEN=… npm run conform -- robot --robot ROB --api URL --may-stop [options]
       npm run conform -- client --command 'node client.js {api} {robot} {token}' [options]
       npm run conform -- list [client]    what a robot is judged by, and what no case sees; what a client is judged by

  --robot ROB --api URL
                      judge the robot of this id where it runs, at a service: with what moves no robot, and in part (docs/conforming.md)
  --may-stop          it may be stopped, again and again, and resumed from those stops; nothing is begun without it
  --level LEVEL       the highest level to judge by: ${levels.join(", ")} (safe)
  --only CLAUSES      cases of these clauses alone, as R7,R16
  --junit FILE, --json FILE
                      where the results go
  --certificate FILE  where the results go, signed
  --key FILE          the key that signs it, as PEM; a fresh one unless told
  --verbose           print what the program printed

Judges a robot's program, or a client's, by the clauses of SPEC.md that can be seen from outside. {api}, {code} and {folder} are the broker's address, a
one-time code and a folder of the robot's own; they are in TETHER_API, TETHER_CODE and TETHER_FOLDER as well. The program is ended with
SIGKILL and started again: it must keep what it knows in the folder. A client's program is told what to do on its input (docs/conforming.md).`;

async function main(): Promise<number> {
  const { values, args } = commandLine({
    usage,
    most: 2,
    options: {
      command: { type: "string" },
      robot: { type: "string" },
      api: { type: "string" },
      "may-stop": { type: "boolean" },
      level: { type: "string", oneOf: levels },
      only: { type: "string" },
      junit: { type: "string" },
      json: { type: "string" },
      certificate: { type: "string" },
      key: { type: "string" },
      verbose: { type: "boolean" },
    },
  });
  const { command, level = "safe" } = values;
  const spec = readFileSync(join(import.meta.dirname, "../../../protocol/SPEC.md"), "utf8");
  if (args[0] === "list") {
    process.stdout.write(
      args[1] === "client" ? `${casesOf(clientCases)}\n` : `${casesOf(cases)}\n${lastLine(spec, Object.values(cases).flat())}\n`,
    );
    return 0;
  }
  const who = args[0] === "robot" || args[0] === "client" ? args[0] : endUsage(usage, "What is to be judged? A robot or a client can be.");
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const only = values.only?.split(",");
  const judging = { clock: realClock, level, ...(only && { only }), onResult: (result: CaseResult) => print(linesOf(result)) };
  const { target, results, output } = await judged();
  const failed = results.filter(({ outcome }) => outcome === "failed");
  if (values.verbose || (failed.length > 0 && failed.length === results.length)) print(output);
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")) as { version: string };
  if (values.junit) writeFileSync(values.junit, junitOf(results));
  if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
  if (values.certificate) {
    const key = certificateKey(values.key && readFileSync(values.key, "utf8"));
    writeFileSync(
      values.certificate,
      `${JSON.stringify(certificateOf({ target, version, at: realClock.now(), results, key }), null, 2)}\n`,
    );
  }
  print(summaryOf(results, only !== undefined));
  if (who === "robot") print(lastLine(spec, Object.values(cases).flat()));
  return failed.length === 0 ? 0 : 1;

  async function judged() {
    const { robot, api = process.env.TETHER_API } = values;
    if (robot === undefined) {
      if (!command) endUsage(usage, who === "robot" ? "--command or --robot is missing." : "--command is missing.");
      return { target: { command }, ...(await (who === "robot" ? judgeRobot : judgeClient)({ ...judging, command })) };
    }
    const token = process.env.TETHER_TOKEN;
    if (who === "client" || command) endUsage(usage, "--robot is for a robot where it runs, which has no command.");
    if (!api) endUsage(usage, "--api is missing.");
    if (!token) endUsage(usage, "TETHER_TOKEN is missing: the token of a user who may drive the robot, as tether token print gives it.");
    if (!values["may-stop"])
      endUsage(usage, "--may-stop is missing. Look after the robot: the run stops it again and again, and drives at speed 0.");
    const ending = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => ending.abort());
    const { results, leftStopped } = await judgeLive({ ...judging, where: { api, robot, token }, signal: ending.signal });
    if (leftStopped) print("THE ROBOT IS LEFT STOPPED by the run, which could not resume. Whoever has control resumes from it.");
    return { target: { robot, api }, results, output: "" };
  }
}

// Timers of the judge's operator may still run: they must not keep the command alive.
const code = await main().catch((error: Error) => {
  if (!(error instanceof Failure)) throw error;
  process.stderr.write(`${error.message}\n`);
  return 1;
});
process.stdout.write("", () => process.exit(code));
