/** A stop that nobody resumed from yet. Not `kept`: the robot would forget it in a restart. */
export type StopInForce = { readonly number: number; readonly kept: boolean };
