import { limits } from "@tether/protocol/limits";
import type { Clock } from "../../clock/clock.ts";
import type { Case } from "../case.ts";
import type { Connection } from "../connection.ts";
import type { startServer } from "../server.ts";
import { check } from "../watch.ts";

/** The life of a connection that is over while a case waits for it. */
export const shortLifeMs = 2_000;
const shareOf = (ms: number) => (shortLifeMs * ms) / limits.gateway.connectionLifeMs;

type Server = Awaited<ReturnType<typeof startServer>> & { readonly state: Parameters<typeof startServer>[0]["state"] };
type Ending = {
  readonly clock: Clock;
  readonly service: Pick<Server, "asked" | "connections" | "state">;
  /** The path of tickets. */
  readonly tickets: string;
  /** Cuts the connection, and welcomes the next for a short life. */
  readonly reconnect: () => Promise<Connection>;
  readonly connected: (from: number) => Promise<Connection>;
};

/** Judges how an end comes by a ticket that it is refused at first, and when it asks for its next connection. Answers both connections. */
export async function judgeReconnects({
  clock,
  service,
  tickets,
  reconnect,
  connected,
}: Ending): Promise<readonly [Connection, Connection]> {
  const page = { status: 403, type: "text/html", text: "<h1>Sign in to this network</h1>" };
  const askedFrom = (from: number) => service.asked.all.slice(from).filter(({ path, body }) => path === tickets && body.use !== "renew");
  const atFirst = service.asked.all.length;
  service.state.refuse = (path) => (path === tickets && askedFrom(atFirst).length === 0 ? "rate.limited" : undefined);
  service.state.strange = (path) => (path === tickets && askedFrom(atFirst).length === 1 ? page : undefined);
  service.state.retryAfter = "1";
  const first = await reconnect();
  const [one, other] = askedFrom(atFirst).map(({ at }) => at);
  check((other ?? 0) - (one ?? 0) >= 950, `told to wait a second, it asked again after ${Math.round((other ?? 0) - (one ?? 0))} ms`);

  const [began, from, count] = [clock.now(), service.asked.all.length, service.connections.all.length];
  service.state.refuse = (path) => (path === tickets && askedFrom(from).length === 0 ? "rate.limited" : undefined);
  service.state.retryAfter = "300";
  const minutesTo = (at = 0) => Math.round((at - began) / shareOf(60_000));
  const second = await connected(count);
  const [early, late] = askedFrom(from).map(({ at }) => at);
  check(!first.isOver(), "it gave its connection up before it had the next one");
  check((early ?? 0) - began >= shareOf(limits.session.rolloverMs[0]) - 20, `it began after ${minutesTo(early)} min of 120`);
  check((late ?? 0) - began >= shareOf(limits.session.forcedMs) - 20, `told to wait, it asked after ${minutesTo(late)} min of 120`);
  return [first, second];
}

/** The sentence of the cases that judge this. */
export const reconnecting =
  "waits as it is told, heeds no stranger, begins its next connection 106 min into 120, asks at 115 for all that, and keeps the old one open";

/** Cases of a robot that is refused a ticket, and of its connection that nears its end. */
export const reconnects: readonly Case[] = [
  {
    clauses: ["E7", "E8", "E11", "H6.2"],
    says: reconnecting,
    async run({ clock, service, reconnect, connected, welcome, wait }) {
      const brief = () => reconnect({ lifeMs: shortLifeMs });
      const [first, second] = await judgeReconnects({ clock, service, tickets: "/v1/tickets/robot", reconnect: brief, connected });
      welcome(second);
      await wait(300);
      check(!first.isOver(), "it closed its connection while frames may be on their way");
    },
  },
];

/** No wait of the first bound is so long, and of those that follow one of nine is, but for one run in 100,000. */
const longerMs = 1_500;
const cutsMost = 9;

/** Cases of a robot whose connections do not last. */
export const cuts: readonly Case[] = [
  {
    clauses: ["E2.2"],
    says: "waits longer where its connections are welcomed and cut over and over",
    async run({ clock, service, reconnect }) {
      let longest = 0;
      for (let cut = 0; cut < cutsMost && longest < longerMs; cut += 1) {
        const [at, from] = [clock.now(), service.asked.all.length];
        await reconnect();
        const asked = service.asked.all.slice(from).find(({ path, body }) => path === "/v1/tickets/robot" && body.use !== "renew");
        longest = Math.max(longest, (asked?.at ?? at) - at);
      }
      check(longest >= longerMs, `cut ${cutsMost} times, it asked for a ticket again within ${Math.round(longest)} ms each time`);
    },
  },
];
