import type { Case } from "../case.ts";
import type { Drivable } from "../drivable.ts";
import { createSigner } from "../keys.ts";
import { check } from "../watch.ts";

const partOf = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;

/** Cases of permits that anyone can forge who has seen a good one. */
export const shown: readonly Case<Drivable>[] = [
  {
    clauses: ["R1.1"],
    says: "refuses permits that nobody, or another key, signed, that were altered, and that are none",
    async run({ driver, take, show, permitOf }) {
      const operator = driver();
      const epoch = await take(operator);
      const { jws } = permitOf(operator);
      const [header = "", payload = "", signature = ""] = jws.split(".");
      const { kid } = read(header);
      const claims = read(payload);
      const bad: readonly (readonly [string, string])[] = [
        ["with the algorithm none", `${partOf({ ...read(header), alg: "none" })}.${payload}.`],
        ["that another key signed", createSigner(String(kid)).permit(claims)],
        ["by a key that welcome did not give", createSigner("other").permit(claims)],
        ["that was altered", `${header}.${partOf({ ...claims, epoch: epoch + 1 })}.${signature}`],
        ["with a part too many", `${jws}.x`],
        ["that is none", "nothing"],
      ];
      for (const [what, forged] of bad) {
        const answer = await show(operator, forged);
        check(
          answer.type === "refused" && answer.reason === "permit.invalid",
          `a permit ${what} was ${answer.type} ${answer.reason ?? ""}`,
        );
      }
    },
  },
  {
    clauses: ["R1", "R1.3"],
    says: "refuses another session's permit, and one of an old epoch, and says that it is another's before it says that it is old",
    async run({ driver, join, take, show, permitOf }) {
      const operator = driver();
      const other = await join();
      await take(operator);
      const old = permitOf(operator).jws;
      const stolen = await show(other, old);
      check(
        stolen.type === "refused" && stolen.reason === "session.other",
        `another session's permit was ${stolen.type} ${stolen.reason ?? ""}`,
      );
      await take(operator);
      const answer = await show(operator, old);
      check(
        answer.type === "refused" && answer.reason === "epoch.old",
        `a permit of an old epoch was ${answer.type} ${answer.reason ?? ""}`,
      );
      const both = await show(other, old);
      check(both.type === "refused" && both.reason === "session.other", `another's old permit was ${both.type} ${both.reason ?? ""}`);
      other.close();
    },
  },
  {
    clauses: ["R6"],
    says: "stops when the broker says that control changed, and obeys nothing of the epoch before",
    async run({ driver, hold, free, wait, obeys }) {
      const operator = driver();
      const epoch = await hold(operator);
      const from = operator.received.all.length;
      for (let n = 0; n < 5; n += 1) {
        operator.command(epoch);
        await wait(40);
      }
      free();
      const stopped = await operator.message("stopped", { from });
      check(stopped.reason === "released" || stopped.reason === "epoch", `it stopped for ${stopped.reason}`);
      check(!(await obeys(operator, epoch)), "it obeyed a command of an epoch that is over");
    },
  },
];
