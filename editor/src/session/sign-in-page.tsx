// The form that opens a session.
import { Alert, Button, PasswordInput, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactNode } from 'react';

import { openSession, type Failure } from '../api.ts';
import type { Texts } from '../texts/en.ts';
import { useWording } from '../texts/texts.tsx';
import { useSession } from './session.tsx';
import styles from './session.module.css';

/** The page. The address stays, so that one arrives where one wanted to go. */
export function SignInPage({ hasExpired }: { hasExpired: boolean }): ReactNode {
  const { texts } = useWording();
  const { begin } = useSession();
  const [message, setMessage] = useState(hasExpired ? texts.signIn.expired : undefined);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [name, password] = [textOf(form, 'name'), textOf(form, 'password')];
    if (name === '' || password === '') return setMessage(texts.signIn.needed);
    setBusy(true);
    const answer = await openSession(name, password);
    setBusy(false);
    if (answer.ok) begin(answer.value);
    else setMessage(failureInWords(texts, answer.failure));
  };
  return (
    <main className={styles.page}>
      <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
        <h1>Signalbox</h1>
        {message !== undefined && (
          <Alert color="red" variant="outline" role="alert">
            {message}
          </Alert>
        )}
        <TextInput
          label={texts.signIn.name}
          name="name"
          autoComplete="username"
          required
          withAsterisk={false}
          autoFocus
        />
        <PasswordInput
          label={texts.signIn.password}
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
        />
        <Button type="submit" loading={isBusy}>
          {texts.signIn.submit}
        </Button>
      </form>
    </main>
  );
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

function failureInWords(texts: Texts, failure: Failure): string {
  switch (failure.status) {
    case 0:
      return texts.signIn.unreachable;
    case 401:
      return texts.signIn.wrong;
    case 429:
      return failure.retrySeconds === undefined
        ? texts.signIn.tooManyAnyTime
        : texts.signIn.tooMany(String(failure.retrySeconds));
    default:
      return failure.detail || texts.errors.unexpected(failure.status);
  }
}
