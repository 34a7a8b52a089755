// The last line of a test run: how many tests passed and how many failed.
import type { Reporter, TestModule } from 'vitest/node';

/** A vitest reporter: add it last. A file that could not be run counts as one failed test. */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    for (const module of modules) {
      const before = failed;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        if (state === 'failed') failed += 1;
      }
      if (failed === before && module.state() === 'failed') failed += 1;
    }
    // Other reporters and the global teardown still print: ours is the last word.
    process.once('exit', () => process.stdout.write(`${passed} passed, ${failed} failed\n`));
  }
}
