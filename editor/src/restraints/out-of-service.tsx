// On an asset's panel: who has taken it out of service and why, and the way to do it and to end it.
import { Button } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';

import type { AssetView } from '../../../engine/model/live.ts';
import { restrains, withParents } from '../../../engine/model/restraint.ts';
import { takeOutOfService, type Answer } from '../api.ts';
import { Time, useCity } from '../city/live-city.tsx';
import { titleOf } from '../city/words.ts';
import { useWording } from '../texts/texts.tsx';
import { EndForm, useMayRestrain, useMyName } from './end-form.tsx';
import styles from './restraints.module.css';

/** What stands on the asset, and the form that takes it out. */
export function OutOfService({ asset }: { asset: AssetView }): ReactNode {
  const { texts } = useWording();
  const me = useMyName();
  const [assets, restraints] = [useCity((city) => city.assets), useCity((city) => city.restraints)];
  const line = withParents(asset, (id) => assets.get(id));
  const own = [...restraints.values()].flatMap((one) =>
    one.kind === 'out-of-service' && restrains(one, asset, line) ? [one] : [],
  );
  // Everybody ends their own: one person needs no second one on the same asset.
  const isMine = own.some(({ asset: on, by }) => on === asset.id && by === me);
  return (
    <>
      {own.map((one) => (
        <section key={one.id} className={styles.standing} aria-label={texts.restraints.outOfService}>
          <strong>{texts.restraints.outOfService}</strong>
          {one.asset !== asset.id && <> {texts.restraints.of(titleOf(assets, one.asset))}</>} · <Time at={one.at} />
          <div>{texts.restraints.by(one.by, one.reason)}</div>
          <EndForm restraint={one} />
        </section>
      ))}
      {!isMine && <TakeOut asset={asset} />}
    </>
  );
}

function TakeOut({ asset: { id, department } }: { asset: AssetView }): ReactNode {
  const { texts } = useWording();
  const mayRestrain = useMayRestrain();
  const [isOpen, setOpen] = useState(false);
  const [said, setSaid] = useState<Answer<unknown>>();
  if (!mayRestrain(department)) return null;
  if (!isOpen)
    return (
      <div className={styles.row}>
        <Button size="xs" variant="default" onClick={() => setOpen(true)}>
          {texts.restraints.takeOut}…
        </Button>
      </div>
    );
  const ask = async (reason: string): Promise<void> => {
    const answer = await takeOutOfService(id, reason);
    setSaid(answer);
    if (answer.ok) setOpen(false);
  };
  const take = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const reason = new FormData(event.currentTarget).get('reason');
    void ask(typeof reason === 'string' ? reason : '');
  };
  return (
    <form className={styles.form} onSubmit={take}>
      <p className={styles.line}>{texts.restraints.takeOutExplain}</p>
      <label className={styles.reason}>
        {texts.restraints.reason}
        <input name="reason" required minLength={3} maxLength={300} />
      </label>
      <Button type="submit" size="xs" variant="default">
        {texts.restraints.takeOut}
      </Button>
      <Button size="xs" variant="default" onClick={() => setOpen(false)}>
        {texts.restraints.cancel}
      </Button>
      {said?.ok === false && <div role="alert">{said.failure.detail || texts.errors.unreachable}</div>}
    </form>
  );
}
