import { BaseSequencer, type TestSpecification } from "vitest/node";

/** How long each file took when all of its tests ran, which is what the first run does, in ms. */
const firstMs = new Map<string, number>();

/** Runs the file first that found the mutant before, as the next mutant stands beside it, and then the quick ones: the first failure ends the run. */
export class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const known = files.map((file) => {
      const { failed = false, duration } = this.ctx.cache.getTestSpecificationResult(file) ?? {};
      if (duration !== undefined && !firstMs.has(file.moduleId)) firstMs.set(file.moduleId, duration);
      return { file, failed, ms: firstMs.get(file.moduleId) ?? 0 };
    });
    return known.sort((a, b) => Number(b.failed) - Number(a.failed) || a.ms - b.ms).map(({ file }) => file);
  }
}
