import { RobotId } from "@tether/protocol/id";
import { makeKeyPair, publicKeyOf, serve, signerFromJwk } from "@tether/sdk/robot";
import { type Check, type Deployment, differs } from "./check.ts";

type Answer = { readonly status: number; readonly body: { readonly id?: string; readonly code?: string } };

async function ask({ api, token }: Deployment, method: string, path: string, body?: object): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const response = await fetch(new URL(`/v1${path}`, api), { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const text = await response.text();
  return { status: response.status, body: text === "" ? {} : JSON.parse(text) };
}

/** With a robot of its own, which is gone afterwards whatever comes of it. */
async function withRobot(at: Deployment, work: (robot: RobotId) => Promise<string | undefined>): Promise<string | undefined> {
  const made = await ask(at, "POST", "/robots", { name: "First hour" });
  if (made.status !== 201) return `no robot could be made: ${made.status} ${made.body.code}`;
  const robot = RobotId.parse(made.body.id);
  const amiss = await work(robot).catch((error: unknown) => String(error));
  const removed = await ask(at, "DELETE", `/robots/${robot}`);
  const after = await ask(at, "GET", `/robots/${robot}`);
  return amiss ?? differs("deleting it, and looking for it", [removed.status, after.status], [204, 404]);
}

/** An owner's questions: each leaves nothing behind. */
export const fromInside: readonly Check[] = [
  {
    name: "the token is taken",
    needsToken: true,
    run: async (at) => differs("the status", (await ask(at, "GET", "/users/me")).status, 200),
  },
  {
    name: "a robot is made and deleted",
    needsToken: true,
    run: (at) => withRobot(at, async () => undefined),
  },
  {
    name: "the right grant is taken away, whatever is in its name",
    needsToken: true,
    run: (at) =>
      withRobot(at, async (robot) => {
        const path = `/robots/${robot}/grants`;
        for (const to of ["sub:a/b", "sub:a%2Fb"]) await ask(at, "PUT", path, { to, role: "viewer" });
        const taken = await ask(at, "DELETE", `${path}?${new URLSearchParams({ to: "sub:a%2Fb" })}`);
        const left = await ask(at, "DELETE", `${path}?${new URLSearchParams({ to: "sub:a/b" })}`);
        return differs("taking both away", [taken.status, left.status], [204, 204]);
      }),
  },
  {
    name: "a robot proves its key, connects and is welcomed",
    needsToken: true,
    run: (at) =>
      withRobot(at, async (robot) => {
        const key = await makeKeyPair();
        const registered = await ask(at, "POST", `/robots/${robot}/credentials`, { publicKey: publicKeyOf(key) });
        if (registered.status !== 201) return `its key was not registered: ${registered.status} ${registered.body.code}`;
        const session = serve({ api: at.api, robot, signer: await signerFromJwk(key) });
        const came = await new Promise<string | undefined>((resolve) => {
          session.on("state", ({ status, why }) => {
            if (status === "online") resolve(undefined);
            if (status === "waiting" || status === "stopped") resolve(`it is ${status}: ${JSON.stringify(why)}`);
          });
        });
        await session.leave();
        return came;
      }),
  },
];
