import { setting } from "./setting.ts";

/** Where the console is, known before what refers to it. */
export const router = new sst.aws.Router("Router", { ...(setting.domain && { domain: setting.domain }) });
