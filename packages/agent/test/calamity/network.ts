import { minute } from "../cause/town.ts";
import { type Calamity, hour, must } from "./calamity.ts";

const failed = (code: string) => Promise.reject(new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) }));

/** The network of the robot, or what stands before the service, is broken in some way for two hours, and is mended. */
function broken(name: string, robot: string, answer: () => Promise<Response>, says: string): Calamity {
  return {
    name,
    robot,
    async happens({ town, machine, pass, isBackWithin }) {
      machine.line.intercept = answer;
      for (const { connectionId } of town.connections(({ robotId }) => robotId === machine.robot))
        town.world.system.gateway.connections.cut(connectionId);
      await pass(2 * hour);
      must(machine.isRunning() && !machine.isOnline(), "the agent goes on trying");
      must(machine.said().includes(says), `it says ${says}, and said ${[...new Set(machine.said())]}`);
      machine.line.intercept = () => undefined;
      must(await isBackWithin(minute), "the robot is online within a minute of the mend");
    },
  };
}

const page =
  (status: number, type: string, headers: Record<string, string> = {}) =>
  () =>
    Promise.resolve(
      new Response(type === "text/html" ? "<html>Sign in</html>" : "{}", { status, headers: { "content-type": type, ...headers } }),
    );

const again = "Goes on trying, says why, and is online within a minute of the mend.";

export const networkCalamities: readonly Calamity[] = [
  broken("The service's certificate ran out", again, () => failed("CERT_HAS_EXPIRED"), "network.expired"),
  broken(
    "The certificate authority is one that the robot does not know",
    again,
    () => failed("SELF_SIGNED_CERT_IN_CHAIN"),
    "network.untrusted",
  ),
  broken("The service's name is not resolved for hours", again, () => failed("ENOTFOUND"), "network.unresolved"),
  broken("A firewall refuses every connection", again, () => failed("ECONNREFUSED"), "network.refused"),
  broken("A captive portal answers everything with its own page", again, page(200, "text/html"), "network.captive"),
  broken("A proxy denies everything", again, page(403, "text/html"), "answer.invalid"),
  broken("Something before the service answers 404 to everything", again, page(404, "application/json"), "answer.invalid"),
  broken("The service is down for hours", again, page(503, "text/html"), "network.failed"),
  {
    name: "Something tells the robot to wait for a year",
    robot: "Believes 5 min of it, and is online within 6 min of the mend.",
    async happens({ town, machine, pass, isBackWithin }) {
      machine.line.intercept = page(429, "text/plain", { "retry-after": String(365 * 86_400) });
      for (const { connectionId } of town.connections(({ robotId }) => robotId === machine.robot))
        town.world.system.gateway.connections.cut(connectionId);
      await pass(2 * hour);
      machine.line.intercept = () => undefined;
      must(await isBackWithin(6 * minute), "the robot is online within 6 min");
    },
  },
  {
    name: "Each packet takes seconds, for hours, as behind an overfull uplink",
    robot: "Gives each attempt more time after failures, and is online within minutes, though the path stays as it is.",
    async happens({ town, machine, pass, isBackWithin }) {
      const { faults, gateway } = town.world.system;
      faults.set([{ name: "latency", minMs: 8_000, maxMs: 8_000 }]);
      for (const { connectionId } of town.connections(({ robotId }) => robotId === machine.robot)) gateway.connections.cut(connectionId);
      must(await isBackWithin(5 * minute), "the robot is online within 5 min");
      await pass(hour);
      must(machine.isOnline(), "it stays online");
      faults.set([]);
    },
  },
  {
    name: "The table is out of reach for hours",
    robot: "Goes on trying, and is online within a minute of the mend.",
    async happens({ town, machine, pass, isBackWithin }) {
      const { faults } = town.world.system;
      faults.set([{ name: "store.failing", rate: 1 }]);
      await pass(2 * hour);
      must(machine.isRunning(), "the agent goes on trying");
      faults.set([]);
      must(await isBackWithin(minute), "the robot is online within a minute");
    },
  },
  {
    name: "The issuer of the users' tokens is gone",
    robot: "Is not concerned: it proves itself by its own key. It hands over as ever.",
    async happens({ town, machine, pass }) {
      const { jwksUri } = town.world.system.identity;
      must(jwksUri !== "", "there is an issuer");
      machine.line.intercept = (url) => (url.includes("/identity/") ? failed("ECONNREFUSED") : undefined);
      await pass(5 * hour);
      must(machine.isOnline(), "the robot is online all along");
    },
  },
];
