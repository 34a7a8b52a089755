// A titled surface.
import { useId, type ReactNode } from 'react';

import styles from './ui.module.css';

/** A section with a heading; `aside` stands at the heading's right. */
export function Panel(props: { title: string; aside?: ReactNode; children: ReactNode }): ReactNode {
  const id = useId();
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <div className={styles.panelHead}>
        <h2 id={id}>{props.title}</h2>
        {props.aside}
      </div>
      <div className={styles.panelBody}>{props.children}</div>
    </section>
  );
}
