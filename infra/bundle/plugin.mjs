/** What a Lambda's bundle holds in place of a package, as a plugin of esbuild; docs/decision/0010-bundle.md has the measurements. */
import { join } from "node:path";

/** The file for what `importer` asks for by name, where it is not the package itself. */
export function insteadOf(name, importer) {
  if (name === "@aws-sdk/credential-provider-node") return "credentials.mjs";
  if (name === "jsonschema") return "schema.cjs";
  if (name === "electrodb" && !importer.endsWith("electrodb.mjs")) return "electrodb.mjs";
  if (name === "@aws-sdk/lib-dynamodb" && /[\\/]electrodb[\\/]src[\\/]/.test(importer)) return "commands.cjs";
  return undefined;
}

function setup(build) {
  // Whatever the filter, SST 4.17.1 tries it on no path at all: this one lets everything pass.
  build.onResolve({ filter: /.*/ }, ({ path, importer }) => {
    const file = insteadOf(path, importer);
    return file && { path: join(import.meta.dirname, file) };
  });
}

export default [{ name: "instead", setup }];
