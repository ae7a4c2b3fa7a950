import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";

const types: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

/** A web server of an application's own, on another origin than Tether's: the built files of a folder before its sources. */
export async function startSite(folder: string) {
  let settings: object = {};
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://site").pathname;
    const file = [join(folder, "dist", path), join(folder, path)].find((one) => extname(one) !== "" && existsSync(one));
    const body = path === "/settings.js" ? `var settings = ${JSON.stringify(settings)};` : file && readFileSync(file);
    response.writeHead(body === undefined ? 404 : 200, { "content-type": types[extname(path)] ?? "text/plain" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    origin: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    /** The part of the page's state that the next page is told. */
    tell(said: object) {
      settings = said;
    },
    close: () => server.close(),
  };
}
