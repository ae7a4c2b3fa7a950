/**
 * The faults of the cloud. `rate` is the share of occasions in 0…1, `times` a number of occasions, beginning now.
 * Occasions of `silent` are frames that reach the gateway: the connection goes on and nothing crosses it any more. Occasions of
 * `proxy.idle` are connections: a proxy on the path cuts those on which no frame goes either way for so long. Occasions of `store.*` are requests; of `crash`, the moments before and after each request of an invocation.
 */
export type Fault =
  | { name: "disconnect.late"; ms: number; rate: number }
  | { name: "disconnect.doubled"; rate: number }
  | { name: "disconnect.lost"; rate: number }
  | { name: "post.gone"; rate: number }
  | { name: "post.gone"; times: number }
  | { name: "post.doubled"; rate: number }
  | { name: "management.throttled"; rate: number }
  | { name: "management.forbidden"; rate: number }
  | { name: "management.failing"; rate: number }
  | { name: "management.slow"; ms: number; rate: number }
  | { name: "management.lost"; rate: number }
  | { name: "message.throttled"; rate: number }
  | { name: "account.requests"; perSecond: number; burst: number }
  | { name: "lambda.concurrency"; atOnce: number }
  | { name: "lambda.cold"; ms: number; rate: number }
  | { name: "sweep.overlapping"; ms: number; rate: number }
  | { name: "sweep.late"; ms: number; rate: number }
  | { name: "sweep.doubled"; rate: number }
  | { name: "reorder.invoke"; windowMs: number }
  | { name: "reorder.post"; windowMs: number }
  | { name: "silent"; rate: number }
  | { name: "silent"; times: number }
  | { name: "proxy.idle"; ms: number; rate: number }
  | { name: "latency"; minMs: number; maxMs: number }
  | { name: "store.throttled"; rate: number }
  | { name: "store.conflict"; rate: number }
  | { name: "store.overlap"; holdMs: number }
  | { name: "store.capacity"; writes: number; reads: number; burstS: number }
  | { name: "store.failing"; rate: number }
  | { name: "store.cut"; rate: number }
  | { name: "store.lost"; rate: number }
  | { name: "store.stale"; windowMs: number; rate: number }
  | { name: "index.lag"; ms: number }
  | { name: "crash"; rate: number };

export type FaultName = Fault["name"];
