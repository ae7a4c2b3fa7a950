import { inLab } from "./lab.ts";
import { countMonths } from "./month.ts";
import { countOperations, holdMs } from "./operation.ts";
import { report } from "./report.ts";

const measured = report(await inLab(countOperations, { holdMs }), await countMonths(inLab));
process.stdout.write(process.argv.includes("--json") ? `${JSON.stringify(measured, undefined, 2)}\n` : `${measured.text}\n`);
