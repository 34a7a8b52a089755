// The first line under the header: what needs a look, or that nothing does.
import { useMemo, type ReactNode } from 'react';

import type { CommandRecord } from '../../../engine/model/command.ts';
import { useWording } from '../texts/texts.tsx';
import { Sign, StateMark, STATE_TONES, toneClass, type SignName } from '../ui/marks.tsx';
import styles from './city.module.css';
import { attentionOf } from './attention.ts';
import { stateOf } from './city-state.ts';
import { useCity } from './live-city.tsx';
import { useSelection, type Selection } from './selection.ts';
import { commandInWords, titleOf } from './words.ts';

/** Commands named one by one; more are counted. */
const COMMANDS_NAMED = 5;

/** The line. It is announced to screen readers when it changes. */
export function AttentionBar(): ReactNode {
  const { texts } = useWording();
  const [assets, facts] = [useCity((city) => city.assets), useCity((city) => city.facts)];
  const [points, commands] = [useCity((city) => city.points), useCity((city) => city.commands)];
  const attention = useMemo(() => attentionOf({ assets, facts, points, commands }), [assets, facts, points, commands]);
  const { offline, silent, local } = attention;
  const rest = attention.commands.length - COMMANDS_NAMED;
  const isQuiet = attention.commands.length + offline.length + silent.length + local.length === 0;
  return (
    <section className={styles.attention} aria-label={texts.attention.title} aria-live="polite">
      {isQuiet ? (
        <span className={styles.quiet}>
          <StateMark state="verified" /> {texts.attention.none}
        </span>
      ) : (
        <>
          <strong>{texts.attention.title}</strong>
          <ul className={styles.chips}>
            {attention.commands.slice(0, COMMANDS_NAMED).map((record) => (
              <CommandChip key={record.command.commandId} record={record} />
            ))}
            {rest > 0 && <li>{texts.attention.more(rest)}</li>}
            <AssetsChip sign="offline" text={texts.attention.offline(offline.length)} assets={offline} />
            <AssetsChip sign="hand" text={texts.attention.local(local.length)} assets={local} />
            <AssetsChip sign="stale" text={texts.attention.stale(silent.length)} assets={silent} />
          </ul>
        </>
      )}
    </section>
  );
}

function CommandChip({ record }: { record: CommandRecord }): ReactNode {
  const { texts, manner } = useWording();
  const assets = useCity((city) => city.assets);
  const state = stateOf(record);
  return (
    <Chip selection={{ kind: 'command', id: record.command.commandId }}>
      <StateMark state={state} />
      <span className={toneClass(STATE_TONES[state])}>{texts.states[state]}</span>{' '}
      {commandInWords(manner, texts, assets, record.command)}
    </Chip>
  );
}

function AssetsChip({ sign, text, assets }: { sign: SignName; text: string; assets: readonly string[] }): ReactNode {
  const all = useCity((city) => city.assets);
  const [first] = assets;
  if (first === undefined) return null;
  return (
    <Chip selection={{ kind: 'asset', id: first }}>
      <Sign name={sign} tone="warn" /> {text}
      <span className={styles.chipNames}>
        {assets
          .slice(0, 2)
          .map((id) => titleOf(all, id))
          .join(', ')}
        {assets.length > 2 ? ' …' : ''}
      </span>
    </Chip>
  );
}

function Chip({ selection, children }: { selection: Selection; children: ReactNode }): ReactNode {
  const [, select] = useSelection();
  return (
    <li>
      <button type="button" className={styles.chip} onClick={() => select(selection)}>
        {children}
      </button>
    </li>
  );
}
