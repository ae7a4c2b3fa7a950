export { hashOf } from "./code-hash.ts";
export { create } from "./create.ts";
export { redeem } from "./redeem.ts";
