// The panel beside the city: an asset, or a command's trace. It does not block what is behind it.
import { useEffect, useRef, type ReactNode } from 'react';

import { useWording } from '../texts/texts.tsx';
import { Sign } from '../ui/marks.tsx';
import ui from '../ui/ui.module.css';
import { AssetPanel } from './asset-panel.tsx';
import styles from './panel.module.css';
import { useSelection } from './selection.ts';
import { TracePanel } from './trace-panel.tsx';

/** The panel; nothing when nothing is selected. Escape closes it, and focus goes back to where it was. */
export function SidePanel(): ReactNode {
  const [selection, select] = useSelection();
  const { texts } = useWording();
  const heading = useRef<HTMLHeadingElement>(null);
  const key = selection && `${selection.kind} ${selection.id}`;
  useEffect(() => {
    if (key === undefined) return undefined;
    const before = document.activeElement;
    heading.current?.focus();
    return () => {
      if (before instanceof HTMLElement && document.contains(before)) before.focus();
    };
  }, [key]);
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      if (event.key === 'Escape') select(undefined);
    };
    document.addEventListener('keydown', close);
    return () => document.removeEventListener('keydown', close);
  }, [select]);
  if (!selection) return null;
  const title = (text: string) => (
    <h2 ref={heading} tabIndex={-1} id="side-panel-title">
      {text}
    </h2>
  );
  return (
    <aside className={styles.side} aria-labelledby="side-panel-title">
      <button type="button" className={`${ui.plainButton} ${styles.close}`} onClick={() => select(undefined)}>
        <Sign name="close" />
        <span className="visually-hidden">{texts.trace.close}</span>
      </button>
      {selection.kind === 'asset' ? (
        <AssetPanel key={selection.id} id={selection.id} heading={title} />
      ) : (
        <TracePanel key={selection.id} id={selection.id} heading={title} />
      )}
    </aside>
  );
}
