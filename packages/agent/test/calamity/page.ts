import { writeFileSync } from "node:fs";
import type { Calamity } from "./calamity.ts";
import { diskCalamities } from "./disk.ts";
import { identityCalamities } from "./identity.ts";
import { networkCalamities } from "./network.ts";
import { timeCalamities } from "./time.ts";

/** All of them, by what is hit. */
export const calamities: Readonly<Record<string, readonly Calamity[]>> = {
  "Time and keys of the service": timeCalamities,
  "The disk": diskCalamities,
  "The network and what stands before the service": networkCalamities,
  "Keys, copies and accounts": identityCalamities,
};

export const path = new URL("../../../../docs/calamities.md", import.meta.url);

/** The page of all calamities, from the table that the tests go through. */
export function page(): string {
  const sections = Object.entries(calamities).map(([title, rows]) =>
    [
      `## ${title}`,
      "",
      "| what happens | what the robot does | what a person must do or carry there |",
      "|---|---|---|",
      ...rows.map(({ name, robot, person = "nothing" }) => `| ${name} | ${robot} | ${person} |`),
    ].join("\n"),
  );
  return `# Calamities

What can happen to a robot that nobody is near, and what it takes to have it online again. Each row is a test: the real agent on a disk in memory and a
virtual clock, with the real service (\`packages/agent/test/calamity\`; \`node packages/agent/test/calamity/page.ts --write\` writes this page). A power cut at
each step of enrolling and of rotating is tested apart (\`packages/agent/test/story/crash.test.ts\`): the same code, or a key on the disk, lets the robot in.

${sections.join("\n\n")}
`;
}

if (import.meta.main && process.argv.includes("--write")) writeFileSync(path, page());
