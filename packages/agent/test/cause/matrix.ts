import { channels, type Finding, type Grade } from "./grade.ts";

export type Counts = Readonly<Record<Grade, number>> & { readonly all: number };

export function countsOf(findings: readonly Finding[]): Counts {
  const of = (grade: Grade) => findings.filter((one) => one.grade === grade).length;
  return { all: findings.length, right: of("right"), named: of("named"), wrong: of("wrong") };
}

const titles: Readonly<Record<Finding["channel"], string>> = {
  final: "Timeline and `tether why`",
  peers: "Peers, at once",
};

const share = (part: number, of: number) => `${of === 0 ? 0 : Math.floor((10_000 * part) / of) / 100} %`;

/** The page: what was compared with what, and a confusion matrix as a list of its cells that are not empty. */
export function page(
  findings: readonly Finding[],
  run: { readonly command: string; readonly hours: number; readonly robots: number },
): string {
  const sections = channels.map((channel) =>
    section(
      channel,
      findings.filter((one) => one.channel === channel),
    ),
  );
  return `# Told against injected

\`${run.command}\` wrote this page. In it an emulator does things to real agents, SDKs and pages of ${run.robots} robots on a virtual clock, for
${run.hours} virtual hours, and keeps its own record of what it did to whom. Meanwhile the gateway's word of a connection's end comes late
(5 %), twice (5 %) or never (1 %), invocations are slow, and the sweeper is late. Afterwards every \`away\` and every ending is compared with that record.

- **right**: the told cause is the true one.
- **named**: the told cause is another one, it is marked as inferred, and the truth is among the possible causes that are named with it.
- **wrong**: everything else, also an ending to which nothing was done, and an alarm of two machines where there was one.

The first table is the final word: what the timeline and \`tether why\` say once the end is back, or has not come back. The second is what peers
heard in \`peer.away\` and \`peer.ended\`, at a moment at which nobody can tell a power cut from a broken network.

${sections.join("\n\n")}
`;
}

function section(channel: Finding["channel"], findings: readonly Finding[]): string {
  const { all, right, named, wrong } = countsOf(findings);
  const cells = new Map<string, { truth: string; told: string; grade: Grade; count: number }>();
  for (const { truth, told, grade } of findings) {
    const key = `${truth} ${told} ${grade}`;
    const cell = cells.get(key) ?? { truth, told, grade, count: 0 };
    cells.set(key, { ...cell, count: cell.count + 1 });
  }
  const rows = [...cells.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { truth, told, grade, count }]) => `| ${truth} | ${told} | ${grade} | ${count} |`);
  return [
    `## ${titles[channel]}`,
    "",
    `${all} compared: ${right} right (${share(right, all)}), ${named} named, ${wrong} wrong.`,
    "",
    "| what was done | what was told | grade | times |",
    "|---|---|---|---|",
    ...rows,
  ].join("\n");
}
