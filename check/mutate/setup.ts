import { inject } from "vitest";

const context = inject as (key: string) => string;
const stryker = (globalThis as unknown as Record<string, { activeMutant?: string | undefined } | undefined>)[context("globalNamespace")];

// A thread that is kept has the mutant of the run before until the tests begin: what a file evaluates as it is loaded must not meet it.
if (stryker && context("mutantActivation") !== "static") stryker.activeMutant = undefined;
