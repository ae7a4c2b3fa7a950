import { spawn } from "node:child_process";

const openers: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ["open"],
  // `start` is a word of the shell, which would read the address's `&` as its own.
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/** Shows an address in the user's browser. Where there is none, nothing happens: the address was printed. */
export function open(url: string): void {
  const [command, ...args] = openers[process.platform] ?? ["xdg-open"];
  const child = spawn(command, [...args, url], { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}
