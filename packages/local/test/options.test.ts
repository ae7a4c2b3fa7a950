import { expect, test } from "vitest";
import { readOptions, usage } from "../src/options.ts";

test("what `npm start` is not told has its default", () => {
  expect(readOptions([])).toEqual({
    port: 4400,
    dataDir: ".tether",
    dynamodb: undefined,
    faults: [],
    ice: "",
    robot: true,
    log: false,
    clock: "real",
    origins: [],
  });
  expect(readOptions(["--origins", "http://localhost:5173, https://app.example"])).toMatchObject({
    origins: ["http://localhost:5173", "https://app.example"],
  });
  expect(readOptions(["--memory", "--no-robot", "--ice", "stun:a.example", "--clock", "virtual"])).toMatchObject({
    dataDir: undefined,
    robot: false,
    ice: "stun:a.example",
    clock: "virtual",
  });
});

test.each([
  [["--port", "x"], "--port"],
  [["--clock", "slow"], "--clock"],
  [["--fast"], "--fast"],
  [["--faults", "rain"], "rain"],
  [["--origins", "http://localhost:5173/"], "http://localhost:5173/"],
])("%j is answered by what is wrong", (args, says) => {
  expect(readOptions(args)).toEqual({ exit: 2, says: expect.stringContaining(says) });
});

test("help names every option", () => {
  expect(readOptions(["--help"])).toEqual({ exit: 0, says: usage });
  for (const name of ["port", "data", "memory", "dynamodb", "faults", "ice", "clock", "origins", "no-robot", "log"])
    expect(usage).toContain(`  --${name}`);
});
