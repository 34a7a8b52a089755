// Asks for the end of a restraint, with a reason; says who has asked already, and what was answered.
import { Button } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';

import { may } from '../../../engine/model/actor.ts';
import { endAskers, type Restraint } from '../../../engine/model/restraint.ts';
import { departmentOf } from '../../../engine/model/rule.ts';
import { endRestraint, type Answer } from '../api.ts';
import { useCityNow } from '../city/live-city.tsx';
import { useSession } from '../session/session.tsx';
import { useWording } from '../texts/texts.tsx';
import styles from './restraints.module.css';

/** The form; only who has asked, for those who may not or have asked themselves: another person is needed then. */
export function EndForm({ restraint }: { restraint: Restraint }): ReactNode {
  const { texts } = useWording();
  const now = useCityNow();
  const me = useMyName();
  const mayRestrain = useMayRestrain();
  const [said, setSaid] = useState<Answer<unknown>>();
  const askers = endAskers(restraint, now);
  const hasAsked = me !== undefined && askers.includes(me);
  const end = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const reason = new FormData(event.currentTarget).get('reason');
    void endRestraint(restraint.id, typeof reason === 'string' ? reason : '').then(setSaid);
  };
  return (
    <>
      {askers.length > 0 && <div>{texts.restraints.asked(askers.join(', '))}</div>}
      {mayRestrain(departmentOf(restraint.id)) && !hasAsked && (
        <form className={styles.form} onSubmit={end}>
          <label className={styles.reason}>
            {texts.restraints.reason}
            <input name="reason" required minLength={3} maxLength={300} />
          </label>
          <Button type="submit" size="xs" variant="default">
            {restraint.kind === 'stand-down' ? texts.restraints.endTogether : texts.restraints.end}
          </Button>
        </form>
      )}
      {said?.ok === false && <div role="alert">{said.failure.detail || texts.errors.unreachable}</div>}
    </>
  );
}

/** The account of who is signed in. */
export function useMyName(): string | undefined {
  const { standing } = useSession();
  return standing.is === 'signed-in' ? standing.session.name : undefined;
}

/** Whether the person who is signed in may restrain things of a department; `*` is the whole city. */
export function useMayRestrain(): (department: string) => boolean {
  const { standing } = useSession();
  if (standing.is !== 'signed-in') return () => false;
  const { name, roles } = standing.session;
  return (department) => may({ kind: 'person', id: name, roles }, 'restrain', department).allowed;
}
