export { change, read, remove } from "./change.ts";
export { create } from "./create.ts";
export { list } from "./list.ts";
