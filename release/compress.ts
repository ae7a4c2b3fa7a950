import { spawn } from "node:child_process";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { gzip as gzipOf } from "node:zlib";

/** Compresses for machines that have no xz. */
export function gzip(data: Buffer, level = 9): Promise<Buffer> {
  return promisify(gzipOf)(data, { level });
}

/** Compresses by the program xz, on one core: its output depends on how many it uses. */
export async function xz(data: Buffer, filters: readonly string[] = []): Promise<Buffer> {
  const child = spawn("xz", ["-T1", "-c", ...filters, "--lzma2=preset=9"], { stdio: ["pipe", "pipe", "inherit"] });
  const failed = new Promise<never>((_, reject) => {
    child.once("error", () => reject(new Error("xz is not installed, and releases are packed by it: apt-get install xz-utils")));
    child.once("exit", (code) => code !== 0 && reject(new Error(`xz ended with ${code}.`)));
  });
  child.stdin.on("error", () => {});
  child.stdin.end(data);
  return Promise.race([buffer(child.stdout), failed]);
}
