import type { Result } from "./run.ts";

/** The page with the last result. */
export function page(result: Result, command: string): string {
  const { hours, handOvers, renewals, visits, keyRotations, deploys, outages, ringRotations, issuerRotations, signals } = result;
  const rows: [string, number][] = [
    ["virtual hours", hours],
    ["hand-overs to a next connection", handOvers],
    ["renewals of a lease in place", renewals],
    ["visits of the operator, one a day", visits],
    ["rotations of the robot's key, unasked", keyRotations],
    ["rotations of the rings for tickets and for permits", ringRotations],
    ["rotations of the issuer's key", issuerRotations],
    ["deployments", deploys],
    ["outages of the table, of 25 min", outages],
    ["… in which the gateway cut the robot's connection at 2 h, since no other could be had", result.cuts],
    ["… after which the session was back, in s at the latest", Math.round(result.latestBackMs / 100) / 10],
    ["signals sent while both were online", signals],
    ["sessions that the robot had", result.robotSessions],
    ["**endings that nobody ordered, and other troubles**", result.troubles.length],
    ["**signals lost**", result.lost.length],
    ["**signals that came twice or out of order**", result.doubled.length],
  ];
  return `# A year

\`${command} --write\` wrote this page. One robot and an operator who comes every day, both by the real SDK, live through it on a virtual clock, with the
real API, broker, sweeper and table. What happens on a day happens in the middle of the visit: rings, keys and deployments change while signals flow.

| | |
|---|---|
${rows.map(([what, count]) => `| ${what} | ${count} |`).join("\n")}
`;
}
