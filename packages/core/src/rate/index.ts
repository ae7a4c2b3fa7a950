export { type Buckets, createBuckets, type Rate } from "./bucket.ts";
