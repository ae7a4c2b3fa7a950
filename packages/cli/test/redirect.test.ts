import { request } from "node:http";
import { platform } from "@tether/sdk/platform";
import { expect, onTestFinished, test } from "vitest";
import { isTrouble } from "../src/exit.ts";
import { awaitRedirect } from "../src/sign-in/redirect.ts";

/** Asks for a path as it stands, which `fetch` would mend. */
function ask(port: string, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.once("error", reject);
    asked.end();
  });
}

test.each(["//", "///", "//callback", "/%", "http://[", "*", "/callback?%", "/callback?state=of-another"])(
  "the listener for the browser's way back outlives a request for %j, and takes the sign-in's own afterwards",
  async (path) => {
    const wait = await awaitRedirect(platform, "http://localhost:4499/callback", 0);
    if (isTrouble(wait)) throw new Error(wait.says);
    onTestFinished(wait.close);
    const { port } = new URL(wait.address);
    const redirected = wait.redirected("mine");
    expect([400, 404]).toContain(await ask(port, path));
    expect(await ask(port, "/callback?code=c&state=mine")).toBe(200);
    expect(String(await redirected)).toBe(`${wait.address}?code=c&state=mine`);
  },
);
