// A decision's conditions as a tree: what was found, what was needed, and what came of it.
import type { ReactNode } from 'react';

import type { ConditionTrace, Truth } from '../../../engine/model/decision.ts';
import { formatAge, formatValue } from '../format/format.ts';
import { useWording } from '../texts/texts.tsx';
import { Sign, toneClass, type Tone } from '../ui/marks.tsx';
import { conditionTree, type ConditionNode } from './condition-tree.ts';
import styles from './panel.module.css';
import { bareFact, factInWords, operatorInWords, wantedInWords } from './words.ts';

const OUTCOMES: Readonly<Record<string, { name: 'true' | 'false' | 'unknown'; tone: Tone }>> = {
  true: { name: 'true', tone: 'ok' },
  false: { name: 'false', tone: 'idle' },
  unknown: { name: 'unknown', tone: 'warn' },
};

/** The tree. */
export function ConditionView({ trace }: { trace: readonly ConditionTrace[] }): ReactNode {
  return (
    <ul className={styles.conditions}>
      {conditionTree(trace).map((node) => (
        <Node key={node.trace.path} node={node} />
      ))}
    </ul>
  );
}

function Node({ node }: { node: ConditionNode }): ReactNode {
  const { texts } = useWording();
  return (
    <li>
      <div className={styles.condition}>
        <Outcome outcome={node.trace.outcome} />
        <div>
          {node.named !== undefined && <em>{texts.trace.named(node.named)} </em>}
          {node.trace.fact === undefined ? (
            <>
              <span>{node.join ? texts.trace.joins[node.join] : ''}</span>
              {node.trace.why !== undefined && <span> {node.trace.why}</span>}
            </>
          ) : (
            <Comparison trace={node.trace} />
          )}
        </div>
      </div>
      {node.children.length > 0 && (
        <ul className={styles.conditions}>
          {node.children.map((child) => (
            <Node key={child.trace.path} node={child} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Outcome({ outcome }: { outcome: Truth }): ReactNode {
  const { texts } = useWording();
  const { name, tone } = OUTCOMES[String(outcome)] ?? { name: 'unknown', tone: 'warn' };
  return (
    <span className={`${styles.outcome} ${tone === 'idle' ? '' : toneClass(tone)}`}>
      <Sign name={name} /> {texts.trace.outcomes[name]}
    </span>
  );
}

function Comparison({ trace }: { trace: ConditionTrace }): ReactNode {
  const { texts, manner } = useWording();
  const bare = bareFact(trace.fact ?? '');
  return (
    <>
      <span>{factInWords(texts, trace.fact ?? '')}</span>
      <div>
        <span className={styles.muted}>{texts.trace.found}</span>{' '}
        <strong>{trace.found === undefined ? '?' : formatValue(manner, bare, trace.found, trace.unit)}</strong>{' '}
        {operatorInWords(texts, trace.operator ?? '')} <span className={styles.muted}>{texts.trace.needed}</span>{' '}
        <strong>{wantedInWords(manner, bare, trace)}</strong>
        {trace.ageMs !== undefined && (
          <span className={styles.muted}> · {texts.trace.age(formatAge(trace.ageMs))}</span>
        )}
      </div>
      {trace.why !== undefined && <div className={toneClass('warn')}>{trace.why}</div>}
    </>
  );
}
