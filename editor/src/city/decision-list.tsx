// The latest decisions, each with its reason in words.
import { useMemo, type ReactNode } from 'react';

import type { Decision } from '../../../engine/model/decision.ts';
import { useWording } from '../texts/texts.tsx';
import { Sign } from '../ui/marks.tsx';
import { Panel } from '../ui/panel.tsx';
import ui from '../ui/ui.module.css';
import styles from './city.module.css';
import { Time, useCity } from './live-city.tsx';
import { useSelection } from './selection.ts';
import { titleOf, whyInWords } from './words.ts';

/** How many are shown. */
const SHOWN = 12;

/** The list, newest first. */
export function DecisionList(): ReactNode {
  const { texts } = useWording();
  const decisions = useCity((city) => city.decisions);
  const commands = useCity((city) => city.commands);
  const commandOf = useMemo(
    () => new Map([...commands].map(([id, record]) => [record.command.cause.decisionId, id] as const)),
    [commands],
  );
  return (
    <Panel title={texts.decisions.title}>
      {decisions.length === 0 && <p className={ui.empty}>{texts.decisions.none}</p>}
      <ul className={styles.list}>
        {decisions.slice(0, SHOWN).map((decision) => (
          <DecisionRow key={decision.decisionId} decision={decision} commandId={commandOf.get(decision.decisionId)} />
        ))}
      </ul>
    </Panel>
  );
}

function DecisionRow({ decision, commandId }: { decision: Decision; commandId: string | undefined }): ReactNode {
  const { texts, manner } = useWording();
  const [, select] = useSelection();
  const asset = decision.related ?? decision.asset;
  const title = useCity((city) => titleOf(city.assets, asset));
  const open = () =>
    select(commandId === undefined ? { kind: 'asset', id: asset } : { kind: 'command', id: commandId });
  return (
    <li>
      <button type="button" className={styles.listButton} onClick={open}>
        <Sign name={decision.kind} tone={decision.kind === 'started' ? 'ok' : 'idle'} />
        <span className={styles.rowText}>
          <span className={styles.rowHead}>
            <strong>{decision.title}</strong>
            <Time at={decision.at} />
          </span>
          <span>
            {texts.decisions[decision.kind]} · {title}
          </span>
          <span className={styles.why}>{whyInWords(manner, texts, decision)}</span>
        </span>
      </button>
    </li>
  );
}
