import type { Signal } from "@tether/protocol/frame/signal";
import { limits } from "@tether/protocol/limits";
import { judgeReconnects, reconnecting, shortLifeMs } from "../../case/reconnects.ts";
import { isOf, seesAgain, signalTo } from "../../case/undelivered.ts";
import type { Case } from "../../case.ts";
import { check } from "../../watch.ts";
import { robotSession as to } from "../stand-in.ts";
import type { ClientTrial } from "../trial.ts";

/** Cases of a client's signals that are not delivered, and of its connection that nears its end. */
export const reconnects: readonly Case<ClientTrial>[] = [
  {
    clauses: ["S10.1"],
    says: "sends a signal again, a second later and then two, that was undelivered as busy or refused, whatever becomes of the one before",
    async run({ standIn, live, state, clock, joined }) {
      const connection = live();
      check(connection !== undefined, "it has no connection");
      // Nothing that it signals is acknowledged, so that nothing but what is told of the second offer has that sent again.
      state.relays = false;
      const from = connection.heard.all.length;
      const again = { kind: "refused", problem: "peer.unrestartable", retryAfterMs: 0 } as const;
      standIn.signal(again);
      const { signal: first } = await signalTo(connection, "its offer", { to, from, where: isOf("offer") });
      standIn.signal(again);
      const where = (one: Signal) => one.seq > first.seq && isOf("offer")(one);
      const { signal } = await signalTo(connection, "its offer of another peer connection", { to, from, where });
      await seesAgain(connection, clock.now, signal);
      state.relays = true;
      // Another run of the robot knows nothing of these offers, whose answers could not be told apart.
      standIn.restart();
      connection.say({ type: "peer.online", peer: standIn.peer() });
      await joined();
    },
  },
  {
    clauses: ["E7", "E8", "E11", "H6.2"],
    says: reconnecting,
    async run({ clock, service, state, reconnect, connected, wait }) {
      state.lifeMs = shortLifeMs;
      async function brief() {
        const connection = await reconnect();
        state.lifeMs = limits.gateway.connectionLifeMs;
        return connection;
      }
      const [first] = await judgeReconnects({ clock, service, tickets: "/v1/tickets/client", reconnect: brief, connected });
      await wait(300);
      check(!first.isOver(), "it closed its connection while frames may be on their way");
    },
  },
];
