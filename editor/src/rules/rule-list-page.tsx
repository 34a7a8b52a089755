// All rules: what they are called, whose they are, who changed them, and whether they are at work.
import { Loader, TextInput } from '@mantine/core';
import { useMemo, useState, type ReactNode } from 'react';
import { Link } from 'react-router';

import { listRules, type RuleDocument } from '../api.ts';
import { Time, useCity } from '../city/live-city.tsx';
import { nameIn } from '../city/words.ts';
import { useWording } from '../texts/texts.tsx';
import { Sign } from '../ui/marks.tsx';
import { useAnswer } from '../ui/use-answer.ts';
import styles from './rules.module.css';
import { ruleTitle } from './use-rule.ts';

/** The page. */
export function RuleListPage(): ReactNode {
  const { texts } = useWording();
  const answer = useAnswer(listRules);
  return (
    <main id="content" className={styles.page} tabIndex={-1}>
      <h1>{texts.rules.title}</h1>
      {!answer && (
        <p role="status">
          <Loader size="sm" /> {texts.rules.loading}
        </p>
      )}
      {answer?.ok === false && (
        <p role="alert">
          {texts.rules.failed} {answer.failure.detail}
        </p>
      )}
      {answer?.ok && <RuleTable rules={answer.value.documents} />}
    </main>
  );
}

function RuleTable({ rules }: { rules: readonly RuleDocument[] }): ReactNode {
  const { texts } = useWording();
  const [search, setSearch] = useState('');
  const found = useMemo(() => {
    const wanted = search.trim().toLowerCase();
    return rules.filter((rule) => `${rule.id} ${ruleTitle(rule)}`.toLowerCase().includes(wanted));
  }, [rules, search]);
  if (rules.length === 0) return <p>{texts.rules.none}</p>;
  return (
    <>
      <TextInput
        className={styles.search ?? ''}
        type="search"
        aria-label={texts.rules.search}
        placeholder={texts.rules.search}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {found.length === 0 && <p role="status">{texts.rules.noMatch}</p>}
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{texts.rules.rule}</th>
            <th scope="col">{texts.rules.now}</th>
            <th scope="col">{texts.rules.department}</th>
            <th scope="col">{texts.rules.version}</th>
            <th scope="col">{texts.rules.changed}</th>
          </tr>
        </thead>
        <tbody>
          {found.map((rule) => (
            <RuleRow key={rule.id} rule={rule} />
          ))}
        </tbody>
      </table>
    </>
  );
}

function RuleRow({ rule }: { rule: RuleDocument }): ReactNode {
  const { texts } = useWording();
  return (
    <tr>
      <th scope="row">
        <Link to={`/rules/${rule.id}`}>{ruleTitle(rule)}</Link>
        <div className={styles.muted}>
          <code>{rule.id}</code>
        </div>
      </th>
      <td>
        <AtWork id={rule.id} />
      </td>
      <td>{nameIn(texts.departments, rule.department)}</td>
      <td className={styles.versionCell}>{rule.version}</td>
      <td>
        <Time at={rule.changedAt} /> <span className={styles.muted}>{texts.rules.by(rule.changedBy)}</span>
      </td>
    </tr>
  );
}

function AtWork({ id }: { id: string }): ReactNode {
  const { texts } = useWording();
  const activations = useCity((city) => city.activations);
  const own = [...activations.values()].filter(({ rule }) => rule === id);
  const counting = own.filter(({ phase }) => phase === 'pending').length;
  if (own.length === 0) return <span className={styles.muted}>{texts.rules.idle}</span>;
  return (
    <>
      <Sign name={own.length > counting ? 'started' : 'counting'} tone={own.length > counting ? 'ok' : 'run'} />{' '}
      {texts.rules.atWork(own.length - counting, counting)}
    </>
  );
}
