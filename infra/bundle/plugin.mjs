/** The stand-ins that a Lambda's bundle holds for packages, as a plugin of esbuild; docs/decision/0010-bundle.md has the measurements. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { asEsModule } from "./es-module.mjs";

const electrodb = /[\\/]node_modules[\\/]electrodb[\\/](?:index|src[\\/]\w+)\.js$/;

/** The file for what `importer` asks for by name, where it is not the package itself. */
export function insteadOf(name, importer) {
  if (name === "@aws-sdk/credential-provider-node") return "credentials.mjs";
  if (name === "@aws-sdk/endpoint-cache") return "endpoint-cache.mjs";
  if (name === "@smithy/core/event-streams") return "event-streams.mjs";
  if (name === "jsonschema") return "schema.mjs";
  if (name === "@aws-sdk/lib-dynamodb" && electrodb.test(importer)) return "commands.mjs";
  return undefined;
}

function setup(build) {
  // SST 4.17.1 tries the filter on no path at all, so this filter lets everything pass.
  const filter = /.*/;
  build.onResolve({ filter }, ({ path, importer }) => {
    const file = insteadOf(path, importer);
    return file && { path: join(import.meta.dirname, file) };
  });
  build.onLoad({ filter }, async ({ path }) => {
    if (electrodb.test(path)) return { contents: asEsModule(await readFile(path, "utf8")) };
    return undefined;
  });
}

export default [{ name: "instead", setup }];
