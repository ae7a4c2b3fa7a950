import { parseArgs } from "node:util";
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

/** Reads the command line. A string is what to tell who wrote it. */
export function readOptions(args: readonly string[]): Options | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: "string", default: "4400" },
        data: { type: "string", default: ".tether" },
        memory: { type: "boolean", default: false },
        dynamodb: { type: "string" },
        faults: { type: "string", default: "" },
        ice: { type: "string", default: "" },
        "no-robot": { type: "boolean", default: false },
        log: { type: "boolean", default: false },
        clock: { type: "string", default: "real" },
        origins: { type: "string", default: "" },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) return usage;
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) return `--port takes a number from 0 to 65535, not “${values.port}”.`;
    if (values.clock !== "real" && values.clock !== "virtual") return `--clock takes “real” or “virtual”, not “${values.clock}”.`;
    const origins = values.origins.split(",").flatMap((part) => part.trim() || []);
    const wrong = origins.find((origin) => !URL.canParse(origin) || new URL(origin).origin !== origin);
    if (wrong !== undefined) return `--origins takes origins as http://localhost:5173, not “${wrong}”.`;
    return {
      port,
      origins,
      clock: values.clock,
      dataDir: values.memory ? undefined : values.data,
      dynamodb: values.dynamodb,
      faults: parseFaults(values.faults),
      ice: values.ice,
      robot: !values["no-robot"],
      log: values.log,
    };
  } catch (error) {
    return `${error instanceof Error ? error.message : error}\n\n${usage}`;
  }
}
