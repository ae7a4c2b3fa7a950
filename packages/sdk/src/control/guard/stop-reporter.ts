import type { StopReport } from "@tether/protocol/stop-report";
import type { Broker } from "../../session/broker.ts";

/**
 * Tells the broker whether a stop is in force, which only the robot knows. A frame may be lost with its connection, so that what changed
 * on a connection is said again at the next welcome. P13
 */
export function createStopReporter(broker: Pick<Broker, "on" | "send" | "greeting">, isStopped: boolean) {
  let known: StopReport = { inForce: isStopped };
  let isChanged = true;
  const send = () => broker.send({ type: "report", stop: known });
  const welcomed = () => {
    if (isChanged) send();
    isChanged = false;
  };
  const off = broker.on("welcome", welcomed);
  if (broker.greeting()) welcomed();
  return {
    changed(report: StopReport): void {
      known = report;
      isChanged = true;
      if (broker.greeting()) send();
    },
    off,
  };
}
