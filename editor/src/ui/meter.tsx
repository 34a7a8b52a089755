// A horizontal bar for a ratio, with an optional threshold.
import type { CSSProperties, ReactNode } from 'react';

import styles from './ui.module.css';

/** What the bar shows. */
interface MeterProps {
  /** 0 to 1; absent when unknown. */
  ratio: number | undefined;
  /** 0 to 1; a mark across the bar. */
  threshold?: number | undefined;
  /** What is measured, for those who do not see it. */
  label: string;
  /** The value in words. */
  text: string;
}

const percent = (ratio: number): string => `${Math.min(1, Math.max(0, ratio)) * 100}%`;

/** The bar. Above its threshold it is hatched, so that colour is not all that changes. */
export function Meter({ ratio, threshold, label, text }: MeterProps): ReactNode {
  const isOver = ratio !== undefined && threshold !== undefined && ratio > threshold;
  const width: CSSProperties = { width: percent(ratio ?? 0) };
  return (
    <div
      className={styles.meter}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round((ratio ?? 0) * 100)}
      aria-valuetext={text}
    >
      <div className={`${styles.fill} ${isOver ? styles.fillOver : ''}`} style={width} />
      {threshold !== undefined && <div className={styles.threshold} style={{ left: percent(threshold) }} />}
    </div>
  );
}
