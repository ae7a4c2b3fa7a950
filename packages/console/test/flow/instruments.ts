import { basename, extname, join } from "node:path";
import { securityPolicy } from "@tether/console/serving";
import { build } from "esbuild";
import type { Page } from "playwright-core";

/** The instruments alone, as the drive page has them; what is sent is noted in `log`. */
const page = `
import { useState } from "react";
import { createRoot } from "react-dom/client";
import { platform } from "@tether/sdk/platform";
import { PositionSliders } from "./src/drive/position-sliders.tsx";
import { createSetPoints } from "./src/drive/set-points.ts";
import { useInputs } from "./src/drive/input/use-inputs.tsx";
import { StatsPanel } from "./src/drive/stats/stats-panel.tsx";
import { ServicesContext } from "./src/services.ts";
import "./src/style/index.css";
window.log = [];
window.positions = [];
/** Time passes by a tick for each timer that runs: a page that a busy machine held up would rightly let go of whatever is held. */
let time = 0;
const clock = {
  now: () => time,
  after(ms, run) {
    const due = time + ms;
    const timer = setTimeout(() => {
      time = Math.max(time, Math.min(due, time + 50));
      run();
    }, ms);
    return () => clearTimeout(timer);
  },
};
const axes = [{ name: "pan", unit: "°", least: -90, most: 90, by: "position" }];
const points = createSetPoints(axes, () => 0);
const listeners = new Set();
const control = { on: (name, listener) => (listeners.add(listener), () => listeners.delete(listener)) };
window.tell = (state) => listeners.forEach((listener) => listener(state));
/** Two peers of this page, the one showing the other a picture that moves. */
window.connect = async () => {
  const [from, to] = [new RTCPeerConnection(), new RTCPeerConnection()];
  const canvas = document.createElement("canvas");
  const brush = canvas.getContext("2d");
  const paint = (at) => {
    brush.fillStyle = "hsl(" + (at / 10) + " 80% 50%)";
    brush.fillRect(at % 200, at % 100, 50, 50);
    requestAnimationFrame(paint);
  };
  paint(0);
  for (const track of canvas.captureStream(30).getTracks()) from.addTrack(track);
  from.onicecandidate = ({ candidate }) => to.addIceCandidate(candidate);
  to.onicecandidate = ({ candidate }) => from.addIceCandidate(candidate);
  await from.setLocalDescription();
  await to.setRemoteDescription(from.localDescription);
  await to.setLocalDescription();
  await from.setRemoteDescription(to.localDescription);
  window.see(to);
};
function App() {
  const [enabled, allow] = useState(true);
  const [pc, see] = useState();
  Object.assign(window, { allow, see });
  const { joystick, source } = useInputs({
    enabled,
    holds: true,
    send: ({ linear, angular }) => log.push(linear + " " + angular) > 0,
    released: () => log.push("released"),
  });
  return (
    <main className="page">
      <h1>Instruments</h1>
      <p data-source={source ?? "none"}>{enabled ? "on" : "off"}</p>
      {joystick}
      <PositionSliders axes={axes} points={points} canDrive={enabled} isDriving={source !== undefined} send={() => positions.push(points.command()) > 0} />
      <input aria-label="Words" />
      <input aria-label="Speed" type="range" />
      <button onClick={() => document.querySelector("dialog").showModal()}>Ask</button>
      <dialog><button>Yes</button></dialog>
      <StatsPanel pc={pc} control={control} />
    </main>
  );
}
const root = createRoot(document.getElementById("root"));
root.render(<ServicesContext value={{ platform: { ...platform, clock } }}><App /></ServicesContext>);
window.leave = () => root.unmount();
`;

const head = '<meta name="color-scheme" content="light dark"><title>Instruments</title><link rel="stylesheet" href="/page.css">';
const html = `<!doctype html><html lang="en"><head>${head}<script type="module" src="/page.js"></script></head><body><div id="root"></div></body></html>`;
const types: Readonly<Record<string, string>> = { ".js": "text/javascript", ".css": "text/css" };

export const origin = "http://instruments.test";

async function bundle(): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    stdin: { contents: page, loader: "jsx", sourcefile: "page.jsx", resolveDir: join(import.meta.dirname, "../..") },
    entryNames: "page",
    outdir: "/",
    bundle: true,
    loader: { ".svg": "dataurl" },
    splitting: true,
    format: "esm",
    write: false,
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "silent",
  });
  return new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
}

let bundled: ReturnType<typeof bundle> | undefined;

/** Makes the page be there, under the policy of the console's pages. */
export async function serveInstruments(tab: Page): Promise<void> {
  bundled ??= bundle();
  const files = await bundled;
  await tab.route(`${origin}/**`, (route) => {
    const name = basename(new URL(route.request().url()).pathname);
    return route.fulfill({
      contentType: types[extname(name)] ?? "text/html",
      headers: { "content-security-policy": securityPolicy(["wss://broker.test"]) },
      body: files.get(name) ?? html,
    });
  });
}
