import type { Case } from "../../case.ts";
import { check } from "../../watch.ts";
import type { ClientTrial } from "../trial.ts";

/** The answer of a broker to who asks for control while another one holds it. */
function answerAsked({ live, service, control }: ClientTrial, id: string | undefined, ms: number): void {
  live()?.say({ type: "control.asked", ...(id !== undefined && { id }), answerBy: service.now() + ms, control: control() });
}

/** Cases of a client that asks for control while another one holds it. */
export const asks: readonly Case<ClientTrial>[] = [
  {
    clauses: ["D8", "D9", "R15"],
    says: "asks again half a second after answerBy where another holds control, and drives where nobody answered",
    async run(trial) {
      const { live, clock, state, change, permit, driving, rest } = trial;
      state.grants = false;
      change("other");
      const connection = live();
      const from = connection?.heard.all.length ?? 0;
      const drive = driving().catch(() => 0);
      const first = await connection?.frame("control.request", { from });
      const [asked, next] = [clock.now(), connection?.heard.all.length ?? 0];
      answerAsked(trial, first?.id, 700);
      await connection?.frame("control.request", { from: next, ms: 4_000 });
      const ms = clock.now() - asked;
      check(ms >= 700 + 400, `it asked again after ${Math.round(ms)} ms, and an answer was to come within 700 ms`);
      change("self");
      permit();
      check((await drive) > 0, "it does not drive although it holds control");
      await rest();
    },
  },
  {
    clauses: ["D9", "D10"],
    says: "asks no more once it was refused, and commands nothing",
    async run(trial) {
      const { live, standIn, state, change, tell, wait } = trial;
      state.grants = false;
      change("other");
      const connection = live();
      const from = connection?.heard.all.length ?? 0;
      tell({ do: "drive", command: { linear: 0.1, angular: 0 } });
      const { id } = (await connection?.frame("control.request", { from })) ?? {};
      const [frames, messages] = [connection?.heard.all.length ?? 0, standIn.received.all.length];
      answerAsked(trial, id, 300);
      connection?.say({ type: "control.denied", ...(id !== undefined && { id }), actor: { type: "system" } });
      await wait(1_600);
      const again = connection?.heard.all.slice(frames).filter(({ frame }) => frame?.type === "control.request") ?? [];
      check(again.length === 0, "it asked again although it was refused");
      check(standIn.commandsFrom(messages).length === 0, "it commands without control");
      tell({ do: "rest" });
      change(undefined);
    },
  },
];
