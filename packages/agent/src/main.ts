import { help, readOptions } from "./options.ts";
import { version } from "./version.ts";

const argv = process.argv.slice(2);

/** The processes that the agent starts for itself. None is a command, so no user starts one by mistake. */
const parts: Readonly<Record<string, () => Promise<unknown>>> = {
  supervisor: () => import("./supervisor/main.ts"),
  host: () => import("./driver/host/main.ts"),
  media: () => import("./media/main.ts"),
  examine: () => import("./doctor/examine/main.ts"),
  trial: () => import("./update/trial-main.ts"),
};

const part = parts[argv[0] ?? ""];
if (part) await part();
// The help text is printed without loading the rest of the program.
else if (readOptions(argv) === "help") process.stdout.write(`${help}\n`);
else if (argv.length === 1 && argv[0] === "--version") process.stdout.write(`tether-robot ${version}\n`);
else await import("./agent.ts");
