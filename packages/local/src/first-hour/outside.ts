import { WebSocket } from "ws";
import { type Check, type Deployment, differs } from "./check.ts";

const of = ({ api }: Deployment, path: string) => new URL(path, api).href;

/** Answers the status of a handshake with these headers. */
function handshake(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers });
    socket.on("unexpected-response", (_, response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    socket.on("open", () => {
      resolve(101);
      socket.close();
    });
    socket.on("error", reject);
  });
}

async function preflight(at: Deployment, origin: string): Promise<Headers> {
  const asked = { origin, "access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type" };
  return (await fetch(of(at, "/v1/robots"), { method: "OPTIONS", headers: asked })).headers;
}

/** The questions that anybody may ask, each after those that it depends on. `docs/first-hour.md` has a line of the same name for each. */
export const fromOutside: readonly Check[] = [
  {
    name: "the API is up",
    run: async (at) => differs("the status", (await fetch(of(at, "/v1/health"))).status, 200),
  },
  {
    name: "it refuses what carries no token in its own words",
    async run(at) {
      const response = await fetch(of(at, "/v1/robots"));
      const { code } = (await response.json()) as { code?: string };
      return differs("the answer", [response.status, code], [401, "auth.missing"]);
    },
  },
  {
    name: "the console's page may call it",
    async run(at) {
      const { origin } = new URL(at.console);
      const headers = await preflight(at, origin);
      const allowed = /\bauthorization\b/.test(headers.get("access-control-allow-headers") ?? "");
      const health = await fetch(of(at, "/v1/health"), { headers: { origin } });
      const allowing = [headers, health.headers].map((one) => one.get("access-control-allow-origin"));
      return differs("what preflight and answer allow", [...allowing, allowed], [origin, origin, true]);
    },
  },
  {
    name: "another page may not",
    run: async (at) =>
      differs("the allowed origin", (await preflight(at, "https://evil.example")).get("access-control-allow-origin"), null),
  },
  {
    name: "users have a place to sign in",
    async run(at) {
      const { issuer } = (await (await fetch(of(at, "/v1/sign-in"))).json()) as { issuer: string };
      const found = await fetch(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
      const { issuer: itself } = (await found.json()) as { issuer?: string };
      return differs("the issuer's own name", itself, issuer);
    },
  },
  {
    name: "a handshake without a ticket is refused",
    run: async ({ broker }) => differs("the status", await handshake(broker, {}), 403),
  },
  {
    name: "a bad ticket is refused however the header is spelled",
    async run({ broker }) {
      const names = ["Sec-WebSocket-Protocol", "sec-websocket-protocol"];
      const statuses = await Promise.all(names.map((name) => handshake(broker, { [name]: "tether.v1, ticket.bad" })));
      return differs("the statuses", statuses, [403, 403]);
    },
  },
  {
    name: "the console is served under its policy",
    async run({ console }) {
      const { status, headers } = await fetch(console);
      const policy = headers.get("content-security-policy") ?? "";
      return differs("status and policy", [status, policy.includes("default-src 'none'")], [200, true]);
    },
  },
];
