import { dirname } from "node:path";
import { percent, type Score } from "./score.ts";

const head = `# Mutation scores

Made by \`npm run mutate -- FILES\`: each file's last score by the tests of its own package beside it. A mutant is found when a test fails
or hangs; one that no test could find, since the program does the same with it, is named in \`check/mutate/equivalent-*.ts\` and counts for
nothing. The command fails where a folder that it ran scores less than 90. A folder is run by \`npm run mutate -- FOLDER\`; with \`--again\` only
the mutants are tried that were missed before and that changed tests may find now. Tests that try each request in turn, or thousands of
schedules, are left out (\`check/mutate/vitest.config.ts\`): what they alone find counts as missed here.

| folder or file | mutants | found | missed | equivalent | score | last run |
|---|---|---|---|---|---|---|
`;

/** The page with the scores of this run in place of former ones of the same files. What is written beneath the table stays. */
export function page(before: string, run: readonly Score[], exists: (file: string) => boolean): string {
  const kept = scoresOf(before).filter(({ file }) => exists(file) && !run.some((one) => one.file === file));
  const all = [...kept, ...run].sort((a, b) => (a.file < b.file ? -1 : 1));
  const folders = [...new Set(all.map(({ file }) => dirname(file)))];
  const rows = folders.flatMap((folder) => {
    const inside = all.filter(({ file }) => dirname(file) === folder);
    return [rowOf(`**${folder}**`, inside), ...inside.map((score) => rowOf(score.file.slice(folder.length + 1), [score]))];
  });
  const notes = before.search(/^## /m);
  return `${head}${rows.join("\n")}\n${notes < 0 ? "" : `\n${before.slice(notes)}`}`;
}

function rowOf(name: string, scores: readonly Score[]): string {
  const sum = (of: "found" | "missed" | "equivalent") => scores.reduce((total, score) => total + score[of], 0);
  const counts = [sum("found"), sum("missed"), sum("equivalent")];
  // The day of a folder is that of the file that was run least lately.
  const [day = ""] = scores.map((score) => score.day).sort();
  return `| ${[name, counts.reduce((total, one) => total + one, 0), ...counts, percent(scores), day].join(" | ")} |`;
}

/** The files' scores as the page has them. */
function scoresOf(text: string): Score[] {
  let folder = "";
  return text.split("\n").flatMap((line): Score[] => {
    const [name = "", , found = "", missed = "", equivalent = "", , day = ""] = line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
    const bold = /^\*\*(.+)\*\*$/.exec(name)?.[1];
    folder = bold ?? folder;
    if (bold !== undefined || !/^\d+$/.test(found)) return [];
    return [{ file: `${folder}/${name}`, found: Number(found), missed: Number(missed), equivalent: Number(equivalent), day }];
  });
}
