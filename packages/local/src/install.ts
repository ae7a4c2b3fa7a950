import { spawn } from "node:child_process";
import { createReadStream, mkdtempSync, rmSync, statSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import type { System } from "./system.ts";

/** The command that makes what a deployment serves to be installed. */
const releaseMain = join(import.meta.dirname, "../../../release/main.ts");

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".sh": "text/plain; charset=utf-8",
  ".json": "application/json",
};

type Env = Pick<System, "origin"> & {
  /** Where the files and the release key are kept; without it both go with the process. */
  readonly dataDir: string | undefined;
  readonly make?: (folder: string, origin: string) => Promise<void>;
};

/** Makes the release of this machine's sources, signed by a key that is made for it. Rejects with what the command said. */
async function makeRelease(folder: string, origin: string): Promise<void> {
  const platform = `${process.platform}-${process.arch}`;
  const list = /^linux-(x64|arm64)$/.test(platform) ? platform : "linux-x64,linux-arm64";
  const key = join(folder, "release-key.pem");
  const places = ["--out", join(folder, "install"), "--base", `${origin}/install`, "--api", origin];
  const child = spawn(process.execPath, [releaseMain, "--local", "--key", key, "--make-key", "--platforms", list, ...places], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const [said, code] = await Promise.all([text(child.stderr), new Promise((done) => child.once("close", done))]);
  if (code !== 0) throw new Error(said.trim() || `It ended with ${code}.`);
}

/** Serves `/install/`: a robot's program, the packages and `robot.sh`, made when they are first asked for. */
export function createInstall({ origin, dataDir, make = makeRelease }: Env) {
  let folder: string | undefined;
  let made: Promise<void> | undefined;

  function prepare(): Promise<void> {
    folder ??= dataDir === undefined ? mkdtempSync(join(tmpdir(), "tether-install-")) : resolve(dataDir);
    made ??= make(folder, origin).catch((error: unknown) => {
      // The next request tries again.
      made = undefined;
      throw error;
    });
    return made;
  }

  function serve(named: string, response: ServerResponse): void {
    const name = named === "" ? "index.html" : named;
    const path = join(folder ?? "", "install", name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (!found?.isFile()) {
      response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end("There is no such file to install.\n");
      return;
    }
    const type = types[extname(name)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type, "content-length": found.size, "cache-control": "no-store" });
    createReadStream(path)
      .on("error", () => response.destroy())
      .pipe(response);
  }

  return {
    /** For the server's "request". False when the path is another's. */
    handle(request: IncomingMessage, response: ServerResponse): boolean {
      const [path, name = ""] = /^\/install(?:\/([\w.~-]*))?$/.exec(request.url?.split("?", 1)[0] ?? "") ?? [];
      if (path === undefined || (request.method !== "GET" && request.method !== "HEAD")) return false;
      void prepare().then(
        () => serve(name, response),
        (error: unknown) => {
          const says = error instanceof Error ? error.message : String(error);
          response
            .writeHead(503, { "content-type": "text/plain; charset=utf-8" })
            .end(`What is to be installed could not be made: ${says}\n`);
        },
      );
      return true;
    },
    stop(): void {
      if (dataDir === undefined && folder !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}
