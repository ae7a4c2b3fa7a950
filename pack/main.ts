import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { commandLine } from "../packages/program/src/command-line.ts";
import { pack } from "./pack.ts";
import { root } from "./package.ts";

const usage = `Usage: npm run pack -- [options]: builds @tether/protocol, @tether/sdk, @tether/cli and @tether/agent as tarballs that npm installs

  --out DIR         Where they go, with packages.json, which lists them. Default: dist/packages.
  --version V       Their version. Default: the one in their package.json.
  --repository URL  The repository that they name. Default: where this clone came from, if that is known.
`;

const text = { type: "string" } as const;
const { values } = commandLine({ usage, options: { out: text, version: text, repository: text } });
const out = resolve(values.out ?? `${root}/dist/packages`);
rmSync(out, { recursive: true, force: true });
for (const { file, bytes, sha256 } of await pack({ ...values, out }))
  process.stdout.write(`${sha256}  ${file}  ${Math.round(bytes / 1024)} KB\n`);
