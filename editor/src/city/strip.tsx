// A row of many small assets, one cell each: one tab stop, arrow keys within.
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

import styles from './city.module.css';
import { useSelection } from './selection.ts';

/** How far each key moves; Home and End go to the ends. */
const MOVES: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowDown: 1,
  ArrowLeft: -1,
  ArrowUp: -1,
  Home: -Infinity,
  End: Infinity,
};

interface StripProps {
  assets: readonly string[];
  label: string;
  /** Draws one cell. */
  cell: (id: string) => ReactNode;
  /** What a cell says to those who do not see it. */
  describe: (id: string) => string;
  /** Told which cell is under the pointer or the focus. */
  onLook: (id: string | undefined) => void;
}

/** The row. A cell opens its asset's panel. */
export function Strip({ assets, label, cell, describe, onLook }: StripProps): ReactNode {
  const list = useRef<HTMLUListElement>(null);
  const [stop, setStop] = useState(0);
  const [, select] = useSelection();
  const move = (event: KeyboardEvent) => {
    const step = MOVES[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.min(assets.length - 1, Math.max(0, stop + step));
    setStop(next);
    list.current?.querySelectorAll('button')[next]?.focus();
  };
  return (
    <ul
      className={styles.strip}
      aria-label={label}
      ref={list}
      onKeyDown={move}
      onPointerLeave={() => onLook(undefined)}
    >
      {assets.map((id, index) => (
        <li key={id}>
          <button
            type="button"
            className={styles.cell}
            tabIndex={index === Math.min(stop, assets.length - 1) ? 0 : -1}
            onClick={() => select({ kind: 'asset', id })}
            onPointerEnter={() => onLook(id)}
            onFocus={() => {
              setStop(index);
              onLook(id);
            }}
            onBlur={() => onLook(undefined)}
          >
            <span aria-hidden="true">{cell(id)}</span>
            <span className="visually-hidden">{describe(id)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
