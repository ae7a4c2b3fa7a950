export { give } from "./give.ts";
export { list, take } from "./take.ts";
