/** An event that an end or the timeline saw and that ought not to be. */
export type Trouble = { readonly at: number; readonly what: string };

/**
 * The traces of the gateway's cut in an outage that is longer than what is left of a connection: no ticket for the next one can be had, and the
 * session is back with the service.
 */
const tracesOfCut = ["waiting unavailable", "peer away (gateway.cap)", "session.away gateway.cap", "session.resumed"];

/** The longest wait between two attempts (E2), and as much again for the attempt that then succeeds. */
const backMs = 30_000;

/** Tells what outages did by necessity from other troubles. */
export function createOutages() {
  const all: { readonly from: number; readonly until: number }[] = [];
  const of = (at: number) => all.find(({ from, until }) => at >= from && at <= until + backMs);
  return {
    add: (from: number, until: number) => void all.push({ from, until }),
    get count() {
      return all.length;
    },
    sort(troubles: readonly Trouble[]) {
      const others: string[] = [];
      const cut = new Set<number>();
      let latestBackMs = 0;
      for (const { at, what } of troubles) {
        const outage = of(at);
        if (!outage || !tracesOfCut.some((one) => what.startsWith(one))) others.push(`${new Date(at).toISOString()} ${what}`);
        else if (what.startsWith("session.away")) cut.add(outage.from);
        else if (what.startsWith("session.resumed")) latestBackMs = Math.max(latestBackMs, at - outage.until);
      }
      return { others, cuts: cut.size, latestBackMs };
    },
  };
}
