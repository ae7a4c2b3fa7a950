import { join } from "node:path";
import { bad, type Finding, good, skipped } from "@tether/sdk/diagnosis/finding";
import type { Driver, Ended } from "../driver/driver.ts";
import { describeDriver, readDriverStatus } from "../state/driver-status.ts";
import type { DoctorEnv, Found } from "./check.ts";

/** The time that a driver has to be ready, and to answer a stop, in ms. */
const startMs = 15_000;

/** Starts the driver as `run` does, has it stop, and ends it. Nothing is commanded. */
export async function checkDriver({ config, platform, openDriver, say, files }: DoctorEnv, { isRunning }: Found): Promise<Finding> {
  if (config.driver === undefined) return skipped("No driver is set: the robot can be online and not be driven.");
  if (isRunning) return running(await readDriverStatus(files, config.state));
  const clock = platform.steady ?? platform.clock;
  // The driver's log lines are printed, as they may say why it does not start.
  const driver = openDriver(config.driver, {
    clock,
    say,
    watched: { lock: join(config.state, "driver.lock") },
  });
  const { ended = new Promise<never>(() => {}) } = driver;
  let cancel = () => {};
  const late = new Promise<"late">((resolve) => {
    cancel = clock.after(startMs, () => resolve("late"));
  });
  try {
    const came = await Promise.race([ended, late, answers(driver)]);
    if (came === "late")
      return bad({
        code: "driver.hung",
        says: `It was not ready and standing after ${startMs / 1_000} s.`,
        remedy: "Look at what it waits for: it must answer start and stop (docs/driver.md).",
      });
    return came === "answered" ? good("It started, and answered a stop.") : over(came);
  } finally {
    cancel();
    await driver.close();
  }
}

async function answers(driver: Driver): Promise<"answered"> {
  await driver.start();
  await driver.stop("leaving");
  return "answered";
}

function over({ says, cause = "driver.ended" }: Ended): Finding {
  return bad({ code: cause, says, remedy: "Start the driver's command line by hand, as the agent's user, and see what it prints." });
}

/** The state of the driver that `run` started. */
function running(status: Awaited<ReturnType<typeof readDriverStatus>>): Finding {
  if (!status) return skipped("tether-robot run goes on here, and says nothing of a driver.");
  if (status.state === "ready") return good("tether-robot run goes on here, and its driver is ready.");
  return bad({
    code: status.state === "hung" ? "driver.hung" : (status.cause ?? "driver.ended"),
    says: `tether-robot run goes on here, and its driver is not ready: ${describeDriver(status)}.`,
    remedy: "Look at the log of the agent: journalctl -u tether-robot",
  });
}
