/** What the cloud does now and then. `rate` is the share of occasions in 0…1, `times` a number of occasions, beginning now. */
export type Fault =
  | { name: "disconnect.late"; ms: number; rate: number }
  | { name: "disconnect.doubled"; rate: number }
  | { name: "disconnect.lost"; rate: number }
  | { name: "post.gone"; rate: number }
  | { name: "post.gone"; times: number }
  | { name: "post.doubled"; rate: number }
  | { name: "reorder.invoke"; windowMs: number }
  | { name: "reorder.post"; windowMs: number }
  | { name: "latency"; minMs: number; maxMs: number };

export type FaultName = Fault["name"];
