import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile, entriesOf, writeLibrary } from "../library.ts";
import { clearWork, root, workFolder } from "../package.ts";

const folder = import.meta.dirname;

/** Aliases that say nothing by themselves: what they stand for is shown where they are used. */
const aliases = [
  "Handler",
  "Of",
  "Proof",
  "Field",
  "Optional",
  "Picture",
  "Sent",
  "NameIn",
  "Known",
  "State",
  "causes",
  "channels",
  "own",
  "problems",
];

/** Parts of the browser's own objects, whose members the W3C describes. */
const foreign = {
  "client.ChannelLike": ["send", "close"],
  "client.SocketLike": ["send", "close"],
  "peer.CameraPeer": ["createDataChannel", "addEventListener"],
  "client.PeerConnectionLike": [
    "createOffer",
    "createAnswer",
    "setLocalDescription",
    "setRemoteDescription",
    "addIceCandidate",
    "getConfiguration",
    "setConfiguration",
    "restartIce",
    "createDataChannel",
    "addEventListener",
    "removeEventListener",
    "close",
  ],
};

function run(program: string, args: readonly string[], cwd: string): void {
  const { status } = spawnSync(program, args, { cwd, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) throw new Error(`${program} failed.`);
}

/** Reads a package's built declarations, of which each exported symbol has to say what it is, and does with them what `options` say. */
function read(name: string, options: object): void {
  const work = join(workFolder("reference"), name);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  writeLibrary(name, work);
  writeFileSync(join(work, "package.json"), JSON.stringify({ name: `@tether/${name}`, type: "module" }));
  const entries = Object.values(entriesOf(name)).map((source) => join(work, source.replace("./src/", "dist/").replace(/\.tsx?$/, ".d.ts")));
  const compilerOptions = {
    module: "nodenext",
    target: "es2022",
    lib: ["es2023", "dom"],
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: [],
  };
  writeFileSync(join(work, "tsconfig.json"), JSON.stringify({ compilerOptions, files: entries }));
  const settings = {
    tsconfig: join(work, "tsconfig.json"),
    entryPoints: entries,
    basePath: join(work, "dist"),
    readme: "none",
    skipErrorChecking: true,
    validation: { notExported: false, notDocumented: true, invalidLink: true },
    requiredToBeDocumented: ["Enum", "Variable", "Function", "Class", "Interface", "TypeAlias"],
    treatValidationWarningsAsErrors: true,
    ...options,
  };
  writeFileSync(join(work, "typedoc.json"), JSON.stringify(settings));
  run(process.execPath, [join(folder, "node_modules/typedoc/bin/typedoc"), "--options", join(work, "typedoc.json")], root);
}

// The reference is made of what is published, and not of the sources.
if (!existsSync(join(folder, "node_modules/typedoc"))) run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], folder);
try {
  compile(["protocol", "sdk", "console", "agent"]);
  for (const name of ["protocol", "console", "agent"]) read(name, { emit: "none" });
  read("sdk", {
    plugin: [join(folder, "node_modules/typedoc-plugin-markdown/dist/index.js")],
    out: join(root, "docs/api"),
    outputFileStrategy: "modules",
    router: "module",
    name: "@tether/sdk",
    disableSources: true,
    hideBreadcrumbs: true,
    hidePageHeader: true,
    includeVersion: false,
    gitRevision: "main",
    intentionallyNotExported: aliases,
    intentionallyNotDocumented: Object.entries(foreign).flatMap(([type, members]) => members.map((member) => `${type}.${member}`)),
    // A type that is reachable and not exported is a fault of the package.
    validation: { notExported: true, notDocumented: true, invalidLink: true },
  });
} finally {
  clearWork();
}
