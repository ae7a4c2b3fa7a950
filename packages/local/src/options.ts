import { type Ended, readCommandLine } from "@tether/program/command-line";
import type { Fault } from "./fault/fault.ts";
import { faultForms, parseFaults } from "./fault/parse.ts";

/** The options of `npm start`. */
export type Options = {
  readonly port: number;
  /** `undefined` keeps everything in memory. */
  readonly dataDir: string | undefined;
  readonly dynamodb: string | undefined;
  readonly faults: readonly Fault[];
  /** STUN and TURN, as the setting of a deployment. */
  readonly ice: string;
  readonly robot: boolean;
  readonly log: boolean;
  readonly clock: "real" | "virtual";
  /** Origins besides its own whose pages may call the API, and show the console in a frame. */
  readonly origins: readonly string[];
};

export const usage = `Usage: npm start -- [options]

  --port N        the one port everything is on (4400; 0 takes a free one)
  --data DIR      where the table and the keys are kept (.tether)
  --memory        keep nothing
  --dynamodb URL  use this DynamoDB in place of the engine that comes along
  --faults LIST   what the cloud does now and then, separated by commas:
                  ${faultForms.join("\n                  ")}
  --ice SETTING   STUN and TURN servers: addresses separated by commas, or JSON
                  as docs/deploying.md says
  --clock virtual time that can be sent ahead:
                  curl -d '{"aheadMs":3600000}' ADDRESS/local/clock
  --origins LIST  origins whose pages may call the API and show the console in a
                  frame, separated by commas
  --no-robot      without the simulated robot and its visitor
  --log           print every invocation's line as JSON
  --help          this text`;

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const options = {
  port: { type: "number" },
  data: text,
  memory: flag,
  dynamodb: text,
  faults: text,
  ice: text,
  "no-robot": flag,
  log: flag,
  clock: { type: "string", oneOf: ["real", "virtual"] },
  origins: text,
} as const;

/** Reads the command line of `npm start`. */
export function readOptions(args: readonly string[]): Options | Ended {
  const read = readCommandLine(args, { usage, options });
  if ("exit" in read) return read;
  const { values } = read;
  const { port = 4_400, clock = "real", data = ".tether", ice = "", log = false } = values;
  if (port > 65_535) return wrong(`--port takes a number from 0 to 65535, not “${port}”.`);
  const origins = (values.origins ?? "").split(",").flatMap((part) => part.trim() || []);
  const none = origins.find((origin) => !URL.canParse(origin) || new URL(origin).origin !== origin);
  if (none !== undefined) return wrong(`--origins takes origins as http://localhost:5173, not “${none}”.`);
  const dataDir = values.memory ? undefined : data;
  try {
    const faults = parseFaults(values.faults ?? "");
    return { port, origins, clock, dataDir, dynamodb: values.dynamodb, faults, ice, robot: !values["no-robot"], log };
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
}

function wrong(says: string): Ended {
  return { exit: 2, says: `${says}\n\n${usage}` };
}
