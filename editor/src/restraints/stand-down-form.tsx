// The press: what it is about, why, how much that concerns, and a button that must be held.
import { Button } from '@mantine/core';
import { useState, type ReactNode } from 'react';

import type { AssetView } from '../../../engine/model/live.ts';
import type { StandDownScope } from '../../../engine/model/restraint.ts';
import { standDown, type Answer } from '../api.ts';
import { useCity } from '../city/live-city.tsx';
import { nameIn, titleOfName } from '../city/words.ts';
import { useWording } from '../texts/texts.tsx';
import { useMayRestrain } from './end-form.tsx';
import { HoldButton } from './hold-button.tsx';
import { assetsOf } from './progress.ts';
import styles from './restraints.module.css';

const SHORTEST_REASON = 3;

/** The form. Whoever may not for the whole city begins with a department of theirs. */
export function StandDownForm({ close }: { close: () => void }): ReactNode {
  const { texts } = useWording();
  const assets = useCity((city) => city.assets);
  const mayRestrain = useMayRestrain();
  const [first] = namesOf(useMine().map(({ department }) => department));
  const [scope, setScope] = useState<StandDownScope>(
    mayRestrain('*') || first === undefined ? {} : { department: first },
  );
  const [reason, setReason] = useState('');
  const [isSending, setSending] = useState(false);
  const [said, setSaid] = useState<Answer<{ recorded: boolean }>>();
  const concerned = assetsOf(scope, assets);
  const points = concerned.reduce((sum, asset) => sum + asset.points.length, 0);
  const press = async (): Promise<void> => {
    setSending(true);
    setSaid(await standDown(scope, reason.trim()));
    setSending(false);
  };
  if (said?.ok === true) return <Pressed isRecorded={said.value.recorded} close={close} />;
  return (
    <section className={styles.standing} aria-label={texts.restraints.title}>
      <h2>{texts.restraints.title}</h2>
      <p className={styles.explain}>{texts.restraints.explain}</p>
      <div className={styles.form}>
        <Scope scope={scope} onChange={setScope} />
        <label className={styles.reason}>
          {texts.restraints.reason}
          <input value={reason} maxLength={300} onChange={(event) => setReason(event.currentTarget.value)} />
        </label>
        <strong className={styles.line}>{texts.restraints.concerns(concerned.length, points)}</strong>
        <HoldButton
          text={texts.restraints.hold}
          holding={texts.restraints.keepHolding}
          disabled={reason.trim().length < SHORTEST_REASON || points === 0 || isSending}
          onHeld={() => void press()}
        />
        <Button size="xs" variant="default" onClick={close}>
          {texts.restraints.cancel}
        </Button>
      </div>
      {said?.ok === false && <div role="alert">{said.failure.detail || texts.errors.unreachable}</div>}
    </section>
  );
}

function Pressed({ isRecorded, close }: { isRecorded: boolean; close: () => void }): ReactNode {
  const { texts } = useWording();
  return (
    <div className={styles.row} role="status">
      <span>
        {texts.restraints.pressed} {!isRecorded && texts.restraints.notRecorded}
      </span>
      <Button size="xs" variant="default" onClick={close}>
        OK
      </Button>
    </div>
  );
}

/** The assets with points that this person may restrain. */
function useMine(): AssetView[] {
  const assets = useCity((city) => city.assets);
  const mayRestrain = useMayRestrain();
  return [...assets.values()].filter(({ points, department }) => points.length > 0 && mayRestrain(department));
}

function Scope({ scope, onChange }: { scope: StandDownScope; onChange: (scope: StandDownScope) => void }): ReactNode {
  const { texts } = useWording();
  const mayBeAll = useMayRestrain()('*');
  const mine = useMine();
  const choose = (name: keyof StandDownScope) => (value: string) => {
    const { [name]: _, ...rest } = scope;
    onChange(value === '' ? rest : { ...rest, [name]: value });
  };
  return (
    <>
      <Choice
        label={texts.restraints.department}
        value={scope.department}
        names={namesOf(mine.map(({ department }) => department))}
        inWords={(name) => nameIn(texts.departments, name)}
        onChoose={choose('department')}
        mayBeAll={mayBeAll}
      />
      <Choice
        label={texts.restraints.zone}
        value={scope.zone}
        names={namesOf(mine.map(({ zone }) => zone))}
        inWords={titleOfName}
        onChoose={choose('zone')}
        mayBeAll
      />
      <Choice
        label={texts.restraints.type}
        value={scope.type}
        names={namesOf(mine.map(({ type }) => type))}
        inWords={(name) => nameIn(texts.types, name)}
        onChoose={choose('type')}
        mayBeAll
      />
    </>
  );
}

function Choice(props: {
  label: string;
  value: string | undefined;
  names: readonly string[];
  inWords: (name: string) => string;
  onChoose: (value: string) => void;
  mayBeAll: boolean;
}): ReactNode {
  const { texts } = useWording();
  return (
    <label>
      {props.label}
      <select value={props.value ?? ''} onChange={(event) => props.onChoose(event.currentTarget.value)}>
        {props.mayBeAll && <option value="">{texts.restraints.all}</option>}
        {props.names.map((name) => (
          <option key={name} value={name}>
            {props.inWords(name)}
          </option>
        ))}
      </select>
    </label>
  );
}

const namesOf = (names: readonly (string | undefined)[]): string[] =>
  [...new Set(names.flatMap((name) => (name === undefined ? [] : [name])))].toSorted();
