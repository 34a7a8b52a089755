// The sign on a small cell when something is to be said about it.
import type { ReactNode } from 'react';

import { Sign, StateMark } from '../ui/marks.tsx';
import type { CellState } from './cell-state.ts';

/** The sign; nothing when all is well. */
export function CellMark({ mark }: { mark: CellState['mark'] }): ReactNode {
  switch (mark) {
    case 'trouble':
      return <StateMark state="unverified" />;
    case 'offline':
      return <Sign name="offline" tone="warn" />;
    case 'unknown':
      return <Sign name="unknown" />;
    case 'moving':
      return <StateMark state="queued" pulse />;
    case undefined:
      return null;
  }
}
