// Wishes that wait for a second person: what, by whom, how long still; confirmed or declined here.
import { Button, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';

import { may } from '../../../engine/model/actor.ts';
import type { Confirmation } from '../../../engine/model/confirmation.ts';
import { confirmWish, declineWish, type Answer } from '../api.ts';
import { formatCount } from '../format/format.ts';
import { useSession } from '../session/session.tsx';
import { useWording } from '../texts/texts.tsx';
import { Sign } from '../ui/marks.tsx';
import { Panel } from '../ui/panel.tsx';
import { AssetButton } from './asset-button.tsx';
import styles from './city.module.css';
import { useCity, useCountingNow } from './live-city.tsx';
import { nameIn, partsOfPoint, pointValue } from './words.ts';

/** The list; nothing while nobody waits. It is announced to screen readers when it changes. */
export function ConfirmationList(): ReactNode {
  const { texts } = useWording();
  const confirmations = useCity((city) => city.confirmations);
  if (confirmations.size === 0) return null;
  return (
    <div className={styles.confirmations} aria-live="polite">
      <Panel title={texts.confirmations.title}>
        <ul className={styles.list}>
          {[...confirmations.values()].map((one) => (
            <Waiting key={one.id} confirmation={one} />
          ))}
        </ul>
      </Panel>
    </div>
  );
}

function Waiting({ confirmation }: { confirmation: Confirmation }): ReactNode {
  const { texts, manner } = useWording();
  const now = useCountingNow();
  const { wish, askedBy, expiresAt } = confirmation;
  const { asset, point } = partsOfPoint(wish.point);
  const left = formatCount(Math.max(0, expiresAt - now));
  return (
    <li className={styles.listRow}>
      <Sign name="person" tone="warn" />
      <div className={styles.rowText}>
        <div>
          <AssetButton id={asset} /> · {nameIn(texts.names, point)} →{' '}
          <strong>{pointValue(manner, texts, point, wish.value)}</strong>
        </div>
        <div>{texts.confirmations.asked(askedBy, formatCount(wish.leaseSeconds * 1_000), wish.reason)}</div>
        <div className={styles.count}>{texts.confirmations.left(left)}</div>
        <Answers confirmation={confirmation} />
      </div>
    </li>
  );
}

/** What this person may say to it: who asked takes it back, another confirms or declines. */
function Answers({ confirmation: { id, department, askedBy } }: { confirmation: Confirmation }): ReactNode {
  const { texts } = useWording();
  const { standing } = useSession();
  const [isDeclining, setDeclining] = useState(false);
  const [said, setSaid] = useState<Answer<unknown>>();
  if (standing.is !== 'signed-in') return null;
  const { name, roles } = standing.session;
  if (!may({ kind: 'person', id: name, roles }, 'override', department).allowed) return null;
  const isOwn = name === askedBy;
  const decline = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = new FormData(event.currentTarget).get('reason');
    void declineWish(id, typeof reason === 'string' ? reason : '').then(setSaid);
  };
  return (
    <>
      {isDeclining ? (
        <form className={styles.answers} onSubmit={decline}>
          <TextInput
            name="reason"
            aria-label={texts.confirmations.reason}
            placeholder={texts.confirmations.reason}
            required
            minLength={3}
            maxLength={300}
            size="xs"
            autoFocus
          />
          <Button type="submit" size="xs" variant="default">
            {isOwn ? texts.confirmations.takeBack : texts.confirmations.decline}
          </Button>
        </form>
      ) : (
        <div className={styles.answers}>
          {!isOwn && (
            <Button size="xs" onClick={() => void confirmWish(id).then(setSaid)}>
              {texts.confirmations.confirm}
            </Button>
          )}
          <Button size="xs" variant="default" onClick={() => setDeclining(true)}>
            {isOwn ? texts.confirmations.takeBack : texts.confirmations.decline}
          </Button>
        </div>
      )}
      {said?.ok === false && <div role="alert">{said.failure.detail || texts.errors.unreachable}</div>}
    </>
  );
}
