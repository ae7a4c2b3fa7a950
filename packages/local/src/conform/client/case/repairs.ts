import type { SignalData } from "@tether/protocol/frame/signal";
import type { Case } from "../../case.ts";
import type { ClientTrial } from "../trial.ts";

/** WebRTC stacks take a path for disconnected after 2 to 15 s, and for failed after 30 s. */
const breakMs = 45_000;

/** Cases of a client whose path to the robot breaks. */
export const repairs: readonly Case<ClientTrial>[] = [
  {
    clauses: ["W4", "W8", "W8.1"],
    says: "has the robot restart ICE once the path broke, or makes its peer connection anew, as it does where the robot cannot",
    async run({ standIn, joined }) {
      const from = standIn.signals.all.length;
      standIn.fallSilent();
      const mends = ({ data: { kind } }: { data: SignalData }) => kind === "restart" || kind === "offer";
      const { data } = await standIn.signals.until("a restart, or an offer of another peer connection", mends, { from, ms: breakMs });
      if (data.kind === "restart") standIn.signal({ kind: "refused", problem: "peer.unrestartable", retryAfterMs: 0 });
      await joined();
    },
  },
];
