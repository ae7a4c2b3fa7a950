import { Socket } from "node:net";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { platform } from "@tether/sdk/platform";
import { type CreateDriver, type Driver, type Frame, simulated } from "../driver.ts";
import { headOf } from "../frame/frame.ts";
import { createHost } from "./host.ts";

const { clock, steady = clock } = platform;
// The driver must still be stopped and closed when nobody reads its output any more.
process.stdout.on("error", () => {});
const pictures = new Socket({ fd: 3, readable: false, writable: true });
pictures.on("error", () => {});

const say = (message: object) => void process.stdout.write(`${JSON.stringify(message)}\n`);

/** Drops a frame while the previous one is still being written: viewers want the newest. */
function show(frame: Frame): void {
  if (pictures.writableLength > 0 || pictures.destroyed) return;
  pictures.write(headOf(frame, { clock: steady }));
  pictures.write(frame.data);
}

const named = process.argv[3] ?? "";
// The simulated robot is part of the program, which may be a single file; any other module is one by its path.
const { createDriver }: { readonly createDriver: CreateDriver } =
  named === simulated ? await import("../simulated/module.ts") : await import(pathToFileURL(named).href);
const driver: Driver = createDriver({ clock: steady, log: (says) => say({ type: "log", says }) });
const host = createHost({ clock: steady, driver, say, show });

function leave(status: number): void {
  void host.end().then(() => process.exit(status));
}

function fail(error: unknown): void {
  say({ type: "log", says: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  leave(1);
}

for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"] as const) process.on(signal, () => leave(0));
process.on("uncaughtException", fail);
process.on("unhandledRejection", fail);
void driver.ended?.then(({ status, says }) => {
  say({ type: "log", says });
  process.exit(status);
});
createInterface(process.stdin)
  .on("line", (line) => void host.onLine(line).catch(fail))
  .on("close", () => leave(0));
