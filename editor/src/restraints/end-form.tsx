// Asks for the end of a restraint, with a reason; says who has asked already, and what was answered.
import { useState, type FormEvent, type ReactNode } from 'react';

import { may } from '../../../engine/model/actor.ts';
import { endAskers, type Restraint } from '../../../engine/model/restraint.ts';
import { departmentOf } from '../../../engine/model/rule.ts';
import { endRestraint, type Answer } from '../api.ts';
import { useCityNow } from '../city/live-city.tsx';
import { useSession } from '../session/session.tsx';
import { useWording } from '../texts/texts.tsx';
import styles from './restraints.module.css';

/** The form; only who has asked for those who may not. */
export function EndForm({ restraint }: { restraint: Restraint }): ReactNode {
  const { texts } = useWording();
  const now = useCityNow();
  const mayRestrain = useMayRestrain();
  const [said, setSaid] = useState<Answer<unknown>>();
  const askers = endAskers(restraint, now);
  const ask = async (reason: string, form: HTMLFormElement): Promise<void> => {
    const answer = await endRestraint(restraint.id, reason);
    setSaid(answer);
    if (answer.ok) form.reset();
  };
  const end = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = event.currentTarget;
    const reason = new FormData(form).get('reason');
    void ask(typeof reason === 'string' ? reason : '', form);
  };
  return (
    <>
      {askers.length > 0 && <div>{texts.restraints.asked(askers.join(', '))}</div>}
      {mayRestrain(departmentOf(restraint.id)) && (
        <form className={styles.form} onSubmit={end}>
          <label>
            {texts.restraints.reason}
            <input name="reason" required minLength={3} maxLength={300} />
          </label>
          <button type="submit" className={styles.open}>
            {restraint.kind === 'stand-down' ? texts.restraints.endTogether : texts.restraints.end}
          </button>
        </form>
      )}
      {said?.ok === false && <div role="alert">{said.failure.detail || texts.errors.unreachable}</div>}
    </>
  );
}

/** Whether the person who is signed in may restrain things of a department; `*` is the whole city. */
export function useMayRestrain(): (department: string) => boolean {
  const { standing } = useSession();
  if (standing.is !== 'signed-in') return () => false;
  const { name, roles } = standing.session;
  return (department) => may({ kind: 'person', id: name, roles }, 'restrain', department).allowed;
}
