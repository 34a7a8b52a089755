// A button that does something only when it is held: a touch, a stray click or a key that is hit does nothing.
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';

import styles from './restraints.module.css';

/** How long it is to be held, in milliseconds; the stylesheet fills it over the same time. */
const HOLD_MS = 2_000;

/** The button. Held with the pointer, or with Space or Enter; letting go before the time is up begins anew. */
export function HoldButton(props: { text: string; holding: string; disabled: boolean; onHeld: () => void }): ReactNode {
  const [isHeld, setHeld] = useState(false);
  const timer = useRef<number>(undefined);
  const letGo = (): void => {
    window.clearTimeout(timer.current);
    setHeld(false);
  };
  const hold = (): void => {
    if (props.disabled) return;
    letGo();
    setHeld(true);
    timer.current = window.setTimeout(() => {
      setHeld(false);
      props.onHeld();
    }, HOLD_MS);
  };
  // Captured: a page that moves under the pointer, because an alarm comes in, does not end the hold.
  const onPointerDown = ({ button, currentTarget, pointerId }: PointerEvent): void => {
    if (button !== 0) return;
    currentTarget.setPointerCapture(pointerId);
    hold();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== ' ' && event.key !== 'Enter') return;
    event.preventDefault();
    if (!event.repeat) hold();
  };
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return (
    <button
      type="button"
      className={styles.hold}
      data-held={isHeld}
      disabled={props.disabled}
      onPointerDown={onPointerDown}
      onLostPointerCapture={letGo}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={onKeyDown}
      onKeyUp={letGo}
      onBlur={letGo}
    >
      <span>{isHeld ? props.holding : props.text}</span>
    </button>
  );
}
