// What the side panel shows, kept in the address: links can be shared, "back" closes the panel.
import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/** A command or an asset. */
export type Selection = { kind: 'command' | 'asset'; id: string };

/** What is selected, and how to select something else; `undefined` closes the panel. */
export function useSelection(): [Selection | undefined, (selection: Selection | undefined) => void] {
  const [search, setSearch] = useSearchParams();
  const [command, asset] = [search.get('command'), search.get('asset')];
  const select = useCallback(
    (chosen: Selection | undefined) =>
      setSearch(chosen ? { [chosen.kind]: chosen.id } : {}, { preventScrollReset: true }),
    [setSearch],
  );
  if (command !== null) return [{ kind: 'command', id: command }, select];
  return [asset === null ? undefined : { kind: 'asset', id: asset }, select];
}
