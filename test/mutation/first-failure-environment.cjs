const StrykerEnvironment = require('@stryker-mutator/jest-runner/jest-env/node');

/** Stryker's environment; skips the rest of a file after its first failure, because a mutant is killed once. */
module.exports = class FirstFailureEnvironment extends StrykerEnvironment {
  #hasFailed = false;

  async handleTestEvent({ name, test }) {
    if (name === 'test_fn_failure' || name === 'hook_failure') this.#hasFailed = true;
    if (name === 'test_start' && this.#hasFailed) test.mode = 'skip';
  }
};
