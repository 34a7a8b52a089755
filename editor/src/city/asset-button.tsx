// An asset's title that opens its panel.
import type { ReactNode } from 'react';

import ui from '../ui/ui.module.css';
import { useCity } from './live-city.tsx';
import { useSelection } from './selection.ts';
import { titleOf } from './words.ts';

/** The title as a button. `text` replaces the title where there is a shorter one. */
export function AssetButton({ id, text }: { id: string; text?: string }): ReactNode {
  const title = useCity((city) => titleOf(city.assets, id));
  const [, select] = useSelection();
  return (
    <button
      type="button"
      className={`${ui.plainButton} ${ui.textButton}`}
      title={title}
      onClick={() => select({ kind: 'asset', id })}
    >
      {text ?? title}
    </button>
  );
}
