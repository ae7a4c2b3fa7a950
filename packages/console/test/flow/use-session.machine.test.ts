import { join } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { openBrowser } from "./browser.ts";
import { openTab } from "./tab.ts";

/** A page of the hook alone, with sessions that only note what is done to them, in `log`. */
const page = `
import { StrictMode, useCallback, useState } from "react";
import { createRoot } from "react-dom/client";
import { useSession } from "@tether/sdk/react";
window.log = [];
let made = 0;
function open(robot) {
  const number = ++made;
  const listeners = [];
  log.push("open " + robot);
  window.say = (name, event) => listeners.filter((one) => one.name === name).forEach(({ listener }) => listener(event));
  return {
    status: "connecting",
    peers: [],
    on(name, listener) {
      const entry = { name, listener };
      listeners.push(entry);
      return () => listeners.splice(listeners.indexOf(entry), 1);
    },
    close: () => log.push("close " + robot),
  };
}
function Robot({ robot }) {
  const view = useSession(useCallback(() => open(robot), [robot]));
  return <p>{view?.status ?? "none"}</p>;
}
function App() {
  const [robot, setRobot] = useState("a");
  window.choose = setRobot;
  return robot === "" ? <p>left</p> : <Robot robot={robot} />;
}
const isStrict = location.hash === "#strict";
createRoot(document.getElementById("root")).render(isStrict ? <StrictMode><App /></StrictMode> : <App />);
`;

test("the session hook opens with its component, shows what changes, and closes with it", async () => {
  const { outputFiles } = await build({
    stdin: { contents: page, loader: "jsx", resolveDir: join(import.meta.dirname, "../..") },
    bundle: true,
    write: false,
    jsx: "automatic",
    logLevel: "silent",
  });
  const script = outputFiles[0]?.text ?? "";
  const browser = await openBrowser();
  try {
    const { page: tab, wrong } = await openTab(browser);
    await tab.route("http://hook.test/", (route) => route.fulfill({ contentType: "text/html", body: '<div id="root"></div>' }));
    const log = () => tab.evaluate("log");
    const text = () => tab.locator("p").textContent();
    await tab.goto("http://hook.test/");
    await tab.addScriptTag({ content: script });
    await expect.poll(text).toBe("connecting");
    await tab.evaluate('say("state", { status: "online" })');
    await expect.poll(text).toBe("online");
    await tab.evaluate('choose("b")');
    await expect.poll(log).toEqual(["open a", "close a", "open b"]);
    await tab.evaluate('choose("")');
    await expect.poll(log).toEqual(["open a", "close a", "open b", "close b"]);
    await tab.goto("http://hook.test/#strict");
    await tab.reload();
    await tab.addScriptTag({ content: script });
    await expect.poll(log).toEqual(["open a", "close a", "open a"]);
    expect(wrong.filter((line) => !line.includes("React DevTools"))).toEqual([]);
  } finally {
    await browser.close();
  }
});
