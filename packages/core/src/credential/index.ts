export { list, register } from "./register.ts";
export { thumbprint } from "./thumbprint.ts";
