/** The clock that all processes of a machine share and nobody sets, in ms: between two of them no other tells how old something is. */
export const machineClock = { now: () => Number(process.hrtime.bigint()) / 1e6 } as const;
