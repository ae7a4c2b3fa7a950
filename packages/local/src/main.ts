import type { Log } from "@tether/aws/invocation";
import { password } from "./identity/user.ts";
import { readOptions } from "./options.ts";
import { type Life, startLife } from "./simulated/life.ts";
import { type Local, startLocal } from "./start.ts";
import type { System } from "./system.ts";

const print = (line: string) => void process.stdout.write(`${line}\n`);
const complain = (line: string) => void process.stderr.write(`${line}\n`);

/** The requests that are shown are those that change sessions; reading the timeline does not. */
const telling = new Set(["connect", "frame", "disconnect", "sweep"]);

async function main(): Promise<number | undefined> {
  const options = readOptions(process.argv.slice(2));
  if ("exit" in options) {
    (options.exit === 0 ? print : complain)(options.says);
    return options.exit;
  }
  let life: Life | undefined;
  const log: Log = (line) => {
    if (options.log) print(JSON.stringify(line));
    if (telling.has(String(line.event))) life?.changed();
  };
  let system: Local;
  try {
    system = await startLocal({ ...options, log });
  } catch (error) {
    complain(reasonOf(error, options.port));
    return 1;
  }
  let isStopping = false;
  const stop = async () => {
    isStopping = true;
    await life?.stop();
    await system.stop();
    process.exit(0);
  };
  void system.failed.then((what) => {
    // Ctrl-C reaches the engine as well, which may be gone before it is asked to end.
    if (isStopping) return;
    complain(`${what} Tether on this machine ends with it.`);
    process.exit(1);
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop());
  print(banner(system, options.dataDir));
  print("Tether is ready. Ctrl-C ends it.\n");
  if (options.robot) life = await startLife({ system, dataDir: options.dataDir, print });
  return undefined;
}

function reasonOf(error: unknown, port: number): string {
  if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
    return `Port ${port} is taken. Choose another one with \`npm start -- --port N\`, or end what uses it.`;
  }
  return error instanceof Error ? error.message : String(error);
}

function banner({ origin, brokerUrl, identity }: System, dataDir: string | undefined): string {
  const logins = identity.users.map(({ email }) => `  ${email}`).join("\n");
  return `Tether on this machine

  Console     ${origin}/
  API         ${origin}/v1          (described at ${origin}/v1/openapi.json)
  Broker      ${brokerUrl}
  Sign-in     ${identity.issuer}
  Install     ${origin}/install/robot.sh
  Documents   ${origin}/documents/                (SPEC and what else a robot is written from)
  Data        ${dataDir ?? "in memory"}

Logins, all with the password “${password}”:
${logins}
`;
}

const code = await main();
if (code !== undefined) process.exit(code);
