// The count of incarnations: it lives where Redis's loss does not reach, and only grows.
import type { Database } from './ports.ts';

/**
 * Begins a new incarnation: 0 for a box that has never issued a command, otherwise one more than ever before. It is
 * committed when this resolves, so that no other caller gets it too. Rejects with `database-unavailable`.
 */
export async function nextIncarnation(database: Database): Promise<number> {
  const [row] = await database.query<{ newest: number }>(
    'update incarnations set newest = newest + 1 returning newest',
  );
  if (!row) throw new TypeError('the table incarnations has lost its row');
  return row.newest;
}
