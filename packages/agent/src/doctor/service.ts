import { keyedTickets } from "@tether/sdk/credential/tickets";
import { bad, type Finding, good, skipped, socketSilent } from "@tether/sdk/diagnosis/finding";
import { serve } from "@tether/sdk/robot";
import { age } from "../age.ts";
import { makesFrames } from "../driver/open.ts";
import { stackOf } from "../peer/stack.ts";
import { readRunStatus } from "../state/run-status.ts";
import { keysIn } from "../state/store.ts";
import type { DoctorEnv, Found, RobotCheck } from "./check.ts";
import type { Order, PeerCheck } from "./examine/order.ts";

const noTicket = skipped("It takes a ticket.");

/** How long the socket may take to open and to be welcomed, in ms. */
const onlineMs = 20_000;

/** From the robot's key to its socket. */
export const serviceChecks: readonly RobotCheck[] = [
  {
    id: "ticket",
    title: "Ticket",
    async run({ platform }, found) {
      const { enrollment, api } = found;
      if (!enrollment || api === undefined) return skipped("It takes a key.");
      const { enrolled, store } = enrollment;
      const tickets = keyedTickets({ ...platform, api, robot: enrolled.robot.id, keys: keysIn(store, platform.clock), log: () => {} });
      // No instance is named, so a run that goes on is neither challenged nor taken for a clone.
      const { ticketed } = await tickets({ use: "connect", session: undefined }, new AbortController().signal);
      if ("refusal" in ticketed) return bad(ticketed.refusal.reason);
      found.ticket = ticketed.answer;
      return good("The service took the robot's key, and gave a ticket.");
    },
  },
  {
    id: "key",
    title: "Robot's key",
    run: async (_, { ticket }) => (ticket ? datesOf(ticket) : noTicket),
  },
  { id: "socket", title: "Socket", run: socket },
  {
    id: "stun",
    title: "STUN",
    run: async (env, { ticket }) => (ticket ? examine(env, "stun", ticket.iceServers) : noTicket),
  },
  {
    id: "turn",
    title: "TURN relay",
    run: async (env, { ticket }) => (ticket ? examine(env, "turn", ticket.iceServers) : noTicket),
  },
  { id: "loop", title: "WebRTC", run: async (env) => examine(env, "loop") },
];

function examine(env: DoctorEnv, check: PeerCheck, iceServers: Order["iceServers"] = []): Promise<Finding> {
  const { driver } = env.config;
  return env.examine({ stack: stackOf(env.config, driver !== undefined && makesFrames(driver)), check, iceServers });
}

/** The key's dates, all by the service's clock. K8 */
function datesOf({ credential, serverTime }: NonNullable<Found["ticket"]>): Finding {
  if (!credential) return skipped("The service said nothing of its dates.");
  const { rotateAfter, expiresAt } = credential;
  const remedy = "Run: tether-robot rotate. run does so by itself; its log says why it did not.";
  if (serverTime >= expiresAt) return bad({ code: "key.expired", says: `It is past its date for ${age(serverTime - expiresAt)}.`, remedy });
  if (serverTime >= rotateAfter)
    return good(`It is due to be rotated, which run does by itself; past its date in ${age(expiresAt - serverTime)}.`);
  return good(`It is due to be rotated in ${age(rotateAfter - serverTime)}, which run does by itself.`);
}

/** Opens the robot's socket, unless that would take the session from an agent that is online. */
async function socket({ platform, files, config }: DoctorEnv, { isRunning, enrollment, api, ticket }: Found): Promise<Finding> {
  if (isRunning) {
    const last = await readRunStatus(files, config.state);
    if (last?.status === "online") return good("tether-robot run goes on here, and is online.");
    if (last?.why) return bad(last.why);
    return skipped(`tether-robot run goes on here, and has the socket (${last?.status ?? "its state is unknown"}).`);
  }
  if (!ticket || !enrollment || api === undefined) return noTicket;
  if (ticket.session.resumed)
    return skipped("The robot's session goes on elsewhere, or lost its connection just now; opening a socket would take it over.");
  const { enrolled, store } = enrollment;
  const session = serve({ api, robot: enrolled.robot.id, keys: keysIn(store, platform.clock), platform });
  const finding = await new Promise<Finding>((resolve) => {
    const cancel = platform.clock.after(onlineMs, () => resolve(socketSilent));
    session.on("state", ({ status, why }) => {
      if (status === "connecting" || status === "leaving") return;
      cancel();
      resolve(status === "online" || !why ? good("It opened and was welcomed: the robot was online for a moment.") : bad(why));
    });
  });
  await session.leave("tether-robot doctor");
  return finding;
}
