/** The imports that a package is allowed, beside Node's modules and the dependencies that its package.json declares. */
type Rule = {
  /** Packages of ours. */
  readonly ours: readonly string[];
  /** Modules of others; without the list, whatever is declared and all of Node. */
  readonly others?: readonly string[];
  /** Modules that only one folder of the sources may import, with that folder. */
  readonly within?: Readonly<Record<string, string>>;
};

/** protocol ← core ← aws ← {api, broker} ← local, protocol ← sdk ← {program, console, local}, and program ← {agent, cli}, which are command-line programs. `local` runs the reference robot of `agent` and serves the console as it says. */
export const packages: Readonly<Record<string, Rule>> = {
  protocol: { ours: [], others: ["zod"] },
  core: {
    ours: ["protocol"],
    others: ["electrodb", "ulid", "@aws-sdk/client-dynamodb", "@aws-sdk/lib-dynamodb", "@aws-sdk/util-dynamodb", "crypto", "zod"],
  },
  aws: { ours: ["core", "protocol"] },
  api: { ours: ["aws", "core", "protocol"] },
  broker: { ours: ["aws", "core", "protocol"] },
  sdk: { ours: ["protocol"], others: [], within: { react: "src/react/" } },
  program: { ours: ["sdk"] },
  agent: { ours: ["program", "sdk", "protocol"] },
  cli: { ours: ["program", "sdk", "protocol"] },
  console: { ours: ["sdk", "protocol"] },
  local: { ours: ["agent", "console", "core", "aws", "api", "broker", "program", "sdk", "protocol"] },
};

/** Files of packages that folders outside of them may import by relative path; the infrastructure's tests run what was built on the engine. */
const shared: Readonly<Record<string, readonly string[]>> = {
  infra: [
    "packages/aws/src/edge.ts",
    "packages/protocol/src/limits.ts",
    "packages/console/src/config.ts",
    "packages/console/src/serving.ts",
    "packages/core/src/store/table.ts",
    "packages/aws/src/cell.ts",
    "packages/core/src/store/index.ts",
    "packages/aws/src/dynamo.ts",
    "packages/aws/src/metric.ts",
    "packages/local/src/clock/real.ts",
    "packages/local/src/engine/engine.ts",
    "packages/local/src/measure/markdown.ts",
    "packages/local/src/measure/reconnect.ts",
    "packages/local/src/table.ts",
    "packages/program/src/command-line.ts",
  ],
  check: [
    "packages/protocol/src/problem.ts",
    "packages/protocol/src/cause.ts",
    "packages/protocol/src/document/file.ts",
    "packages/protocol/src/document/json-schema.ts",
    "packages/program/src/command-line.ts",
  ],
};

/** Files of the infrastructure that a package may import by relative path: what is set there is told nowhere else. */
const settings: Readonly<Record<string, readonly string[]>> = {
  cli: ["infra/lifetime.ts"],
  local: ["infra/identity-source.ts", "infra/lifetime.ts"],
};

type From = { path: string; pathNot?: string };
type To = {
  path?: string;
  pathNot?: string;
  dependencyTypes?: string[];
  couldNotResolve?: true;
  circular?: true;
  viaOnly?: { path: string };
};
export type Forbidden = { name: string; comment: string; severity: "error"; scope?: "folder"; from: From; to: To };

const exactly = (paths: readonly string[]) => `^(${paths.map((path) => path.replaceAll(".", "\\.")).join("|")})$`;
const nothing = "^$";
const npm = ["npm", "npm-dev", "npm-optional", "npm-peer", "npm-bundled", "npm-no-pkg", "npm-unknown"];
const leadsBack = "what leads back to it";
/** A module of npm, wherever it lies. */
const moduleOf = (name: string) => `(^|/)node_modules/(@types/)?${name}/`;

/** The rules as the cruiser reads them: what no file may import, and that nothing goes in circles. */
export function rules(): Forbidden[] {
  return [
    forbid("file-cycle", leadsBack, { path: "^(packages/[^/]+/(src|test)|infra|check)/" }, { circular: true }),
    {
      ...forbid("folder-cycle", leadsBack, { path: "^packages/[^/]+/src/" }, { circular: true }),
      scope: "folder",
    },
    forbid("unresolved", "what is not there", { path: "^(packages/[^/]+/src|check)/" }, { couldNotResolve: true }),
    forbid("undeclared", "what its package.json does not declare", sourcesOf("[^/]+"), {
      dependencyTypes: ["npm-no-pkg", "npm-unknown", "npm-dev"],
    }),
    forbid("own-test", "what a test is made of", sourcesOf("[^/]+"), { path: "^packages/[^/]+/test/" }),
    ...Object.entries(packages).flatMap(([name, rule]) => rulesOf(name, rule)),
    ...Object.entries(shared).map(([top, files]) =>
      forbid(
        `${top}-packages`,
        "what of a package is not shared with it",
        { path: `^${top}/` },
        { path: "^packages/", pathNot: exactly(files) },
      ),
    ),
  ];
}

function rulesOf(name: string, { ours, others, within = {} }: Rule): Forbidden[] {
  const from = sourcesOf(name);
  const reached = [name, ...ours].join("|");
  const elsewhere = `^packages/(?!${name}/)`;
  const found = [
    forbid(`${name}-ours`, "a package that it may not", from, { path: "^packages/", pathNot: `^packages/(${reached})/` }),
    forbid(`${name}-path`, "another package by its path", from, { path: elsewhere, dependencyTypes: ["local"] }),
    forbid(`${name}-itself`, "itself by its name", from, { path: `^packages/${name}/`, dependencyTypes: ["undetermined"] }),
    forbid(`${name}-settings`, "the infrastructure", from, {
      path: "^infra/",
      pathNot: settings[name] ? exactly(settings[name]) : nothing,
    }),
  ];
  if (others === undefined) return found;
  const good = others.map((other) => moduleOf(other));
  const folders = Object.entries(within);
  const outside = {
    ...from,
    ...(folders.length > 0 && { pathNot: `^packages/${name}/(${folders.map(([, folder]) => folder).join("|")})` }),
  };
  const inside = folders.map(([module, folder]) =>
    forbid(`${name}-${module}`, "a module that it may not", { path: `^packages/${name}/${folder}` }, only([...good, moduleOf(module)])),
  );
  return [
    ...found,
    ...inside,
    forbid(`${name}-others`, "a module that it may not", outside, only(good)),
    forbid(`${name}-node`, "a module of Node that it may not", from, { dependencyTypes: ["core"], pathNot: exactly(others) }),
  ];
}

function only(good: readonly string[]): To {
  return { dependencyTypes: npm, ...(good.length > 0 && { pathNot: good.join("|") }) };
}

function sourcesOf(name: string): From {
  return { path: `^packages/${name}/src/` };
}

function forbid(name: string, comment: string, from: From, to: To): Forbidden {
  return { name, comment, severity: "error", from, to };
}
