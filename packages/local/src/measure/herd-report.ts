import { type Asked, type Herd, instancesOf, peakOf } from "./herd.ts";
import { table } from "./markdown.ts";

const seconds = (ms: number) => (ms / 1_000).toFixed(1);
const total = ({ seconds }: Herd, what: keyof Asked) => seconds.reduce((sum, asked) => sum + asked[what], 0);

/** The figures of herds, as values and as Markdown. */
export function herdReport(herds: readonly Herd[]) {
  const rows: [string, (herd: Herd) => string | number][] = [
    ["half are back after, s", ({ back }) => seconds(back.half)],
    ["95 % after, s", ({ back }) => seconds(back.most)],
    ["all after, s", ({ back }) => seconds(back.last)],
    ["with the session they had", ({ kept }) => kept],
    ["refusals of a ticket, a robot", (herd) => (total(herd, "ticketsRefused") / herd.robots).toFixed(1)],
    ["… of the one most refused", ({ refusals }) => refusals],
    ["tickets given, a robot", (herd) => (total(herd, "tickets") / herd.robots).toFixed(2)],
    ["handshakes refused", (herd) => total(herd, "connectsRefused")],
    ["the break: `$disconnect`s at once", ({ broken }) => broken.brokers],
    ["… store requests", ({ broken }) => broken.storeRequests],
    ["… write units, of these of the sweeper's index", ({ broken }) => `${broken.writeUnits}, ${broken.dueWriteUnits}`],
    ["then at most, a second: connections", (herd) => peakOf(herd.seconds).connects],
    ["… store requests", (herd) => peakOf(herd.seconds).storeRequests],
    [
      "… write units, of these of the sweeper's index",
      (herd) => `${peakOf(herd.seconds).writeUnits}, ${peakOf(herd.seconds).dueWriteUnits}`,
    ],
    ["… instances of Lambda busy", (herd) => Math.ceil(Math.max(...herd.seconds.map(instancesOf)))],
  ];
  const head = ["robots that lose their sockets at once", ...herds.map(({ robots }) => robots.toLocaleString("en"))];
  const text = table(
    head,
    rows.map(([what, of]) => [what, ...herds.map(of)]),
  );
  return { herds, text };
}
