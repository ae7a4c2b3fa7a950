import { password } from "@tether/local/identity/user";
import { createBrowser } from "../../local/test/identity/browser.ts";

/** A person at a browser, who follows the printed address and signs in: where the issuer sends the browser then. */
export async function visitHalfWay(url: string, email: string): Promise<URL> {
  const { origin } = new URL(url);
  const browser = createBrowser();
  const form = await browser.get(url);
  const page = new URL(form.headers.get("location") ?? "", origin).href;
  const left = await browser.follow(await browser.post(page, { email, password }), origin);
  return new URL(left.headers.get("location") ?? "");
}

/** The same, and back to the program. Resolves with the last page. */
export async function visit(url: string, email: string): Promise<Response> {
  return fetch(await visitHalfWay(url, email));
}
