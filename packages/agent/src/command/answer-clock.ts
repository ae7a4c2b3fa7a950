import { type ClockAnswer, ClockQuestion } from "@tether/protocol/clock-question";
import type { Clock, RobotSession } from "@tether/sdk/robot";

/** Tells each client that asks what time this machine believes it is. P17 */
export function answerClock(session: Pick<RobotSession, "on" | "send">, clock: Pick<Clock, "now">): void {
  session.on("signal", ({ from, data }) => {
    if (data.kind !== "app" || !ClockQuestion.safeParse(data.body).success) return;
    const body: ClockAnswer = { clock: clock.now() };
    session.send(from, { kind: "app", body });
  });
}
