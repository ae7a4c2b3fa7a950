export { create } from "./create.ts";
export { hashOf } from "./hash.ts";
export { redeem } from "./redeem.ts";
