import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { caching, security, securityPolicy } from "@tether/console/serving";
import { scope, tokenLifeMs } from "./identity/claims.ts";
import type { System } from "./system.ts";

/** Where `npm run build -w @tether/console` puts it. */
export const consoleDir = join(import.meta.dirname, "../../console/dist");

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".md": "text/plain; charset=utf-8",
  ".gz": "application/gzip",
};

const unbuilt = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Tether</title></head>
<body><h1>The console is not built</h1><p>Build it with <code>npm run build -w @tether/console</code>, then start again.</p></body></html>
`;

type Site = Pick<System, "origin" | "brokerUrl" | "identity"> & {
  /** Origins whose pages may show the console in a frame. */
  readonly frames?: readonly string[];
};

/** The built console as an http server's guest: its files, and its one page for every other path that is a page's. */
export function createConsole({ origin, brokerUrl, identity, frames = [] }: Site, dir = consoleDir) {
  const files = new Map(filesIn(dir).map((path) => [`/${path}`, readFileSync(join(dir, path))]));
  const { issuer, clientId } = identity;
  const config = { api: origin, identity: { issuer, clientId, scope, tokenMinutes: tokenLifeMs / 60_000 } };
  const headers = { ...security, "content-security-policy": securityPolicy([new URL(brokerUrl).origin], frames) };

  function send(response: ServerResponse, path: string, body: Buffer | string): true {
    response
      .writeHead(200, {
        ...headers,
        "content-type": types[extname(path)] ?? "application/octet-stream",
        "cache-control": path.startsWith("/assets/") ? caching.assets : caching.other,
      })
      .end(body);
    return true;
  }

  return {
    /** For the server's "request". False when the path is another's; the request is then untouched. */
    handle(request: IncomingMessage, response: ServerResponse): boolean {
      const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
      if ((request.method !== "GET" && request.method !== "HEAD") || /^\/v1(\/|$)/.test(path)) return false;
      // The identity provider and the API know this machine by one name; sign-in works under that one only.
      if (request.headers.host === new URL(origin).host.replace("127.0.0.1", "localhost")) {
        response.writeHead(302, { location: `${origin}${request.url}` }).end();
        return true;
      }
      if (path === "/config.json") return send(response, path, JSON.stringify(config));
      const file = files.get(path);
      if (file) return send(response, path, file);
      const index = `${path.replace(/\/$/, "")}/index.html`;
      const page = files.get(index);
      if (page) return send(response, index, page);
      if (extname(path) !== "") return false;
      return send(response, "/index.html", files.get("/index.html") ?? unbuilt);
    },
  };
}

function filesIn(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes(".vite"))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(dir.length + 1)
        .replaceAll("\\", "/"),
    );
}
