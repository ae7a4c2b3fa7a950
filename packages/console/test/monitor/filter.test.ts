import { expect, test } from "vitest";
import { asJson, asText } from "../../src/monitor/export.ts";
import { everything, type Filter, matching } from "../../src/monitor/filter.ts";
import { emptyLog, heard, missed } from "../../src/monitor/log.ts";
import { kindWord, nameOf, sizeWord } from "../../src/monitor/words.ts";
import { ada, begin, bo, refused, rover, seen } from "./seen.ts";

const frames = [
  seen(1),
  seen(2, { from: rover, to: ada, kind: "answer", bytes: 1_536 }),
  seen(3, { from: bo, kind: "candidate", verdict: { outcome: "undelivered", reason: "away" } }),
  seen(4, { from: rover, to: bo, kind: "app", verdict: refused }),
  { ...seen(5, { from: bo, kind: "control.request", verdict: { outcome: "done" } }), to: undefined },
];
const log = missed(heard(emptyLog, frames), { from: begin + 6_000, to: begin + 7_000 });

test.each<[Partial<Filter>, number[]]>([
  [{}, [1, 2, 3, 4, 5]],
  [{ kind: "offer" }, [1]],
  [{ kind: "other" }, [5]],
  [{ direction: "from-robot" }, [2, 4]],
  [{ direction: "from-people" }, [1, 3, 5]],
  [{ verdict: "posted" }, [1, 2, 5]],
  [{ verdict: "undelivered" }, [3]],
  [{ verdict: "refused" }, [4]],
  [{ text: "ada" }, [1, 2]],
  [{ text: "rover u2" }, [3, 4]],
  [{ text: "signal.target" }, [4]],
  [{ text: "SUCH peer" }, [4]],
  [{ text: "hand" }, []],
  [{ text: "  " }, [1, 2, 3, 4, 5]],
  [{ direction: "from-people", verdict: "posted", text: "tether" }, [5]],
])("of what was seen, %o shows lines %o, and every time in which nothing could be", (part, expected) => {
  const shown = matching(log.lines, { ...everything, ...part }, "Rover");
  expect(shown.map((line) => ("gap" in line ? "gap" : (line.at - begin) / 1_000))).toEqual([...expected, "gap"]);
});

test("ends are called by their names, the broker by its own", () => {
  const nobody = { session: ada.session };
  expect([rover, ada, bo, nobody, undefined].map((end) => nameOf(end, "Rover"))).toEqual(["Rover", "Ada", "u2", "Someone", "Tether"]);
});

test("kinds and sizes read as words, also a kind of a later version", () => {
  expect(["restart", "app", "video.wish"].map(kindWord)).toEqual(["ICE restart", "Application", "video.wish"]);
  expect([0, 1_023, 1_024, 28_672].map(sizeWord)).toEqual(["0 B", "1023 B", "1.0 KB", "28.0 KB"]);
});

test("lines are copied as text in columns, with the words of a refusal", () => {
  expect(asText(log.lines, "Rover").split("\n")).toEqual([
    "2026-06-01T12:00:01.000Z\tAda\tRover\toffer\t900 B\tPosted",
    "2026-06-01T12:00:02.000Z\tRover\tAda\tanswer\t1536 B\tPosted",
    "2026-06-01T12:00:03.000Z\tu2\tRover\tcandidate\t900 B\tUndelivered: the peer is away.",
    `2026-06-01T12:00:04.000Z\tRover\tu2\tapp\t900 B\tRefused: ${refused.says} ${refused.remedy}`,
    "2026-06-01T12:00:05.000Z\tu2\tTether\tcontrol.request\t900 B\tAnswered",
    "2026-06-01T12:00:06.000Z\tnothing seen until 2026-06-01T12:00:07.000Z",
    "",
  ]);
});

test("lines are copied as JSON with ids, codes and instants", () => {
  const copied = JSON.parse(asJson(log.lines));
  expect(copied).toHaveLength(6);
  expect(copied[3]).toEqual({ time: "2026-06-01T12:00:04.000Z", ...frames[3] });
  expect(copied[5]).toEqual({ time: "2026-06-01T12:00:06.000Z", gap: { from: begin + 6_000, to: begin + 7_000 } });
});
