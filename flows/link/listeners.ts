// A list of listeners of one kind. One that throws does not keep the others from hearing.

/** Listeners that are told one kind of news. */
export class Listeners<News> {
  readonly #all = new Set<(news: News) => void>();

  /** Adds a listener; returns a function that removes it, safe to call twice. */
  add(listener: (news: News) => void): () => void {
    // A wrapper of its own, so that the same function may be added twice.
    const own = (news: News) => listener(news);
    this.#all.add(own);
    return () => void this.#all.delete(own);
  }

  /** Tells all of them. What they throw is thrown outside of this call, where it ends the process as it should. */
  tell(news: News): void {
    for (const listener of this.#all)
      try {
        listener(news);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
  }
}
