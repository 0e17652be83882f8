/** Lets one waiter wait for a change. A change while nobody waits ends the next wait at once. */
export class WakeUp {
  #changed = false;
  #resume: () => void = () => {};

  wake(): void {
    this.#changed = true;
    this.#resume();
  }

  async changed(): Promise<void> {
    if (!this.#changed) {
      await new Promise<void>((resolve) => {
        this.#resume = resolve;
      });
    }
    this.#changed = false;
  }
}
