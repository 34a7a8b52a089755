// Looking names up that other people wrote: "constructor" is a name like any other, and no record's own entry.

/**
 * A record's own entry of this name.
 *
 * @returns undefined when there is none, also for names that every object inherits (`constructor`, `toString`)
 */
export function own<V>(record: Readonly<Record<string, V>>, name: string): V | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
