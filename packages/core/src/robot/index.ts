export { read, remove, rename } from "./change.ts";
export { create } from "./create.ts";
export { list } from "./list.ts";
