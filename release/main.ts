import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { root } from "../pack/package.ts";
import { fingerprintOf } from "../packages/agent/src/update/manifest.ts";
import { commandLine, endUsage } from "../packages/program/src/command-line.ts";
import { makeKey, publicPart, readKey } from "./key.ts";
import { isPlatform, type Platform, platforms } from "./platform.ts";
import { writePlaced } from "./publish.ts";
import { release } from "./release.ts";

const usage = `Usage: npm run release -- --key FILE [options]: makes what a deployment serves under /install/, signed

  --key FILE       the Ed25519 release key (PKCS 8, PEM); --make-key makes it where there is none
  --also-trust PEM another public key that may sign the next release, for changing the key
  --out DIR        where it goes (dist/release)
  --platforms LIST ${Object.keys(platforms).join(",")} unless told
  --version V      the version of all of it; the one in package.json unless told
  --local          fast and large, by a version that names its content: for npm start
  --base URL       where it will be served; writes robot.sh and index.html, too, with --api
  --api URL        the API that robots enroll at
`;

const text = { type: "string" } as const;
const { values } = commandLine({
  usage,
  options: {
    key: text,
    "make-key": { type: "boolean" },
    "also-trust": { type: "string", multiple: true },
    out: text,
    platforms: text,
    version: text,
    local: { type: "boolean" },
    base: text,
    api: text,
  },
});

function platformsIn(list: string): readonly Platform[] {
  return list.split(",").map((name) => {
    if (!isPlatform(name)) endUsage(usage, `There is no robot's program for “${name}”, only for ${Object.keys(platforms).join(", ")}.`);
    return name;
  });
}

async function main(path: string): Promise<void> {
  const key = values["make-key"] ? makeKey(path) : readKey(path);
  const out = resolve(values.out ?? join(root, "dist/release"));
  const nextKeys = (values["also-trust"] ?? []).map((file) => {
    const text = readFileSync(file, "utf8");
    return text.replace(/-----[^-]+-----|\s/g, "");
  });
  const list = values.platforms ?? Object.keys(platforms).join(",");
  const named = { out, key, nextKeys, platforms: platformsIn(list), version: values.version, isLocal: values.local ?? false };
  const { version, files, keys } = await release(named);
  const [signing = publicPart(key)] = keys;
  const { base, api } = values;
  if (base !== undefined && api !== undefined) writePlaced(out, { base, api, key: signing, files });
  for (const { name, bytes, sha256 } of files) process.stdout.write(`${sha256}  ${name}  ${bytes}\n`);
  process.stdout.write(`${version} is in ${out}, signed by the key ${fingerprintOf(signing)}\n`);
}

if (values.key === undefined) endUsage(usage, "--key is missing.");
await main(values.key).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
