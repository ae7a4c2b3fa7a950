import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { pack } from "./pack.ts";
import { root } from "./package.ts";

const usage = `npm run pack -- [options]: builds @tether/protocol, @tether/sdk, @tether/cli and @tether/agent as tarballs that npm installs

  --out DIR         Where they go, with packages.json, which lists them. Default: dist/packages.
  --version V       Their version. Default: the one in their package.json.
  --repository URL  The repository that they name. Default: where this clone came from, if that is known.
`;

const { values } = parseArgs({
  options: { out: { type: "string" }, version: { type: "string" }, repository: { type: "string" }, help: { type: "boolean", short: "h" } },
});
if (values.help) process.stdout.write(usage);
else {
  const out = resolve(values.out ?? `${root}/dist/packages`);
  rmSync(out, { recursive: true, force: true });
  for (const { file, bytes, sha256 } of await pack({ ...values, out }))
    process.stdout.write(`${sha256}  ${file}  ${Math.round(bytes / 1024)} KB\n`);
}
