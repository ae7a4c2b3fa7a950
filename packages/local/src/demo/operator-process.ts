import { RobotId } from "@tether/protocol/id";
import type { End } from "../simulated/end.ts";
import { startOperator } from "../simulated/operator.ts";

/** The demo's orders to the operator's process. The token comes this way, never by command line or environment. */
export type Order =
  | { readonly order: "attach"; readonly api: string; readonly robot: string; readonly token: string; readonly session?: string }
  | { readonly order: "signal"; readonly n: number }
  | { readonly order: "say"; readonly data: string }
  | { readonly order: "leave" };

let end: End | undefined;

process.on("message", (order: Order) => {
  switch (order.order) {
    case "attach":
      end = startOperator({
        api: order.api,
        robot: RobotId.parse(order.robot),
        token: async () => order.token,
        ...(order.session !== undefined && { session: order.session }),
        report: (report) => process.send?.(report),
      });
      break;
    case "signal":
      end?.signal(order.n);
      break;
    case "say":
      end?.say(order.data);
      break;
    case "leave":
      void end?.leave().then(() => process.exit(0));
      break;
  }
});
// Without its parent it has nobody to drive for.
process.on("disconnect", () => process.exit(0));
