import { bundle } from "./bundle.ts";
import { isPlatform, readNative } from "./platform.ts";
import { programFiles } from "./program.ts";
import { timeHelp } from "./time.ts";

const platform = `${process.platform}-${process.arch}`;
if (!isPlatform(platform)) throw new Error(`There is no robot's program for ${platform}.`);
const files = programFiles(await bundle(), readNative(platform));
const megabytes = (some: typeof files) => (some.reduce((total, { data }) => total + data.length, 0) / 1e6).toFixed(1);
process.stdout.write(
  `The robot's program for ${platform}: ${megabytes(files)} MB on the disk, ${megabytes(files.filter(({ path }) => path !== "node"))} MB without its runtime.\n`,
);
const { help, runtime } = timeHelp(files);
process.stdout.write(
  `--help takes ${help.toFixed(0)} ms, ${(help / runtime).toFixed(2)} times its bare runtime's ${runtime.toFixed(0)} ms (medians; at most 200 ms wanted, on a machine that is idle).\n`,
);
