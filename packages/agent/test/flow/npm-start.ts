import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { password } from "@tether/local/identity/user";
import { RobotId } from "@tether/protocol/id";
import { onTestFinished } from "vitest";
import { createBrowser } from "../../../local/test/identity/browser.ts";
import { createWatch } from "../watch.ts";

const root = join(import.meta.dirname, "../../../..");

/** Runs the program of `npm start` on a free port and in memory. Resolves once its own visit is over. */
export async function npmStart(...options: string[]) {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: { start: string } };
  const [, main = ""] = /^node (\S+)$/.exec(scripts.start) ?? [];
  const child = spawn(process.execPath, [main, "--memory", "--port", "0", ...options], { cwd: root });
  const said = createWatch<string>();
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on("line", said.put);
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  onTestFinished(async () => {
    // Killed outright it would leave its DynamoDB engine running.
    child.kill("SIGTERM");
    await ended;
  });
  const saying = async (pattern: RegExp) => pattern.exec(await said.until(String(pattern), (line) => pattern.test(line)))?.[1] ?? "";
  const origin = await saying(/^ +API +(http:\S+)\/v1/);
  const robot = RobotId.parse(await saying(/^The simulated robot is (\S+)\.$/));
  await saying(/the robot stopped by itself\.$/);
  return { origin, robot, token: (who: string) => signIn(origin, `${who}@tether.local`) };
}

/** A seeded user's ID token, by the sign-in of a browser (RFC 7636). */
async function signIn(origin: string, email: string): Promise<string> {
  const { identity } = (await (await fetch(`${origin}/config.json`)).json()) as {
    identity: { issuer: string; clientId: string; scope: string };
  };
  const { issuer, clientId: client_id, scope } = identity;
  const code_verifier = randomBytes(32).toString("base64url");
  const code_challenge = createHash("sha256").update(code_verifier).digest("base64url");
  const asked = { client_id, scope, response_type: "code", redirect_uri: `${origin}/`, code_challenge, code_challenge_method: "S256" };
  const browser = createBrowser();
  const form = await browser.get(`${issuer}/auth?${new URLSearchParams({ ...asked, state: "s" })}`);
  const page = new URL(form.headers.get("location") ?? "", origin).href;
  const left = await browser.post(page, { email, password });
  const back = await come(browser, left, origin);
  const body = new URLSearchParams({
    ...{ client_id, grant_type: "authorization_code", code_verifier, redirect_uri: `${origin}/` },
    code: back.searchParams.get("code") ?? "",
  });
  const answer = (await (await fetch(`${issuer}/token`, { method: "POST", body })).json()) as { id_token: string };
  return answer.id_token;
}

/** Follows the redirects of the provider to the console, which has the same origin. */
async function come(browser: ReturnType<typeof createBrowser>, response: Response, origin: string): Promise<URL> {
  const url = new URL(response.headers.get("location") ?? "", origin);
  return url.searchParams.has("code") ? url : come(browser, await browser.get(url.href), origin);
}
