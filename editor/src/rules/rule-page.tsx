// One rule: its text in the editor, what the server says about it, and where it is at work.
import { Button, Loader, Modal, useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Link, useBlocker, useParams } from 'react-router';

import type { RuleDocument } from '../api.ts';
import { Activation } from '../city/activation-list.tsx';
import { Time, useCity } from '../city/live-city.tsx';
import { useWording } from '../texts/texts.tsx';
import { createRuleEditor, setEditorTheme, type RuleEditor } from '../monaco.ts';
import { Conflict } from './conflict.tsx';
import { Outcome } from './outcome.tsx';
import styles from './rules.module.css';
import { ruleTitle, textOfRule, useRule, type RuleControl } from './use-rule.ts';

/** The page. */
export function RulePage(): ReactNode {
  const { department = '', name = '' } = useParams();
  const id = `${department}/${name}`;
  const { texts } = useWording();
  const rule = useRule(id);
  return (
    <main id="content" className={styles.page} tabIndex={-1}>
      <p>
        <Link to="/rules">← {texts.rules.back}</Link>
      </p>
      {rule.failure && (
        <p role="alert">
          {rule.failure.status === 404 ? texts.rule.missing : `${texts.rule.failed} ${rule.failure.detail}`}
        </p>
      )}
      {!rule.failure && !rule.document && (
        <p role="status">
          <Loader size="sm" /> {texts.rule.loading}
        </p>
      )}
      {rule.document && <Editing key={id} rule={rule} document={rule.document} />}
    </main>
  );
}

function Editing({ rule, document }: { rule: RuleControl; document: RuleDocument }): ReactNode {
  const { texts } = useWording();
  const [isChanged, setChanged] = useState(false);
  const { element, editor } = useEditor(document, setChanged);
  const { outcome } = rule;
  useLeaveWarning(isChanged);
  useEffect(() => {
    if (outcome.is === 'saved') setChanged(editor.current?.text() !== outcome.text);
    editor.current?.showProblems(outcome.is === 'refused' ? outcome.problems : []);
  }, [outcome, editor]);
  const save = () => void rule.save(editor.current?.text() ?? '');
  const takeTheirs = (theirs: RuleDocument) => {
    editor.current?.setText(textOfRule(theirs));
    rule.rebase(theirs);
    setChanged(false);
  };
  return (
    <>
      <h1>{ruleTitle(document)}</h1>
      <p className={styles.origin}>
        <code>{document.id}</code> · {texts.rule.version(document.version)} · {texts.rules.by(document.changedBy)} ·{' '}
        <Time at={document.changedAt} />
      </p>
      <div className={styles.bar}>
        <Button onClick={save} loading={outcome.is === 'saving'} disabled={!isChanged}>
          {texts.rule.save}
        </Button>
        <span className={styles.muted}>{isChanged ? texts.rule.changed : texts.rule.unchanged}</span>
      </div>
      <Outcome outcome={outcome} goTo={(path) => editor.current?.goTo(path)} />
      {outcome.is === 'conflict' && (
        <Conflict
          conflict={outcome}
          onTake={() => takeTheirs(outcome.theirs)}
          onKeep={() => void rule.save(outcome.yours, outcome.theirs.version)}
          onClose={rule.settle}
        />
      )}
      <div className={styles.columns}>
        <div className={styles.editor} ref={element} />
        <AtWork id={document.id} />
      </div>
      <LeaveQuestion isChanged={isChanged} />
    </>
  );
}

/** Monaco in an element, made once and taken away with it. */
function useEditor(document: RuleDocument, setChanged: (isChanged: boolean) => void) {
  const { texts } = useWording();
  const element = useRef<HTMLDivElement>(null);
  const editor = useRef<RuleEditor>(null);
  const first = useRef({ document, label: texts.rule.editor });
  const scheme = useComputedColorScheme('light');
  useEffect(() => setEditorTheme(scheme), [scheme]);
  useEffect(() => {
    if (!element.current) return undefined;
    const { document: read, label } = first.current;
    const made = createRuleEditor(element.current, {
      id: read.id,
      text: textOfRule(read),
      label,
      onChange: () => setChanged(true),
    });
    editor.current = made;
    return () => {
      editor.current = null;
      made.dispose();
    };
  }, [setChanged]);
  return { element, editor };
}

/** Closing the window asks first, as browsers do. */
function useLeaveWarning(isChanged: boolean): void {
  useEffect(() => {
    if (!isChanged) return undefined;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [isChanged]);
}

function LeaveQuestion({ isChanged }: { isChanged: boolean }): ReactNode {
  const { texts } = useWording();
  const blocker = useBlocker(isChanged);
  return (
    <Modal
      opened={blocker.state === 'blocked'}
      onClose={() => blocker.reset?.()}
      title={texts.rule.leaveTitle}
      closeButtonProps={{ 'aria-label': texts.rule.stay }}
      lockScroll={false}
    >
      <p>{texts.rule.leaveText}</p>
      <div className={styles.choices}>
        <Button variant="default" onClick={() => blocker.reset?.()} data-autofocus>
          {texts.rule.stay}
        </Button>
        <Button color="red" onClick={() => blocker.proceed?.()}>
          {texts.rule.leave}
        </Button>
      </div>
    </Modal>
  );
}

function AtWork({ id }: { id: string }): ReactNode {
  const { texts } = useWording();
  const activations = useCity((city) => city.activations);
  const own = [...activations.values()].filter((activation) => activation.rule === id);
  return (
    <section className={styles.now}>
      <h2>{texts.rule.now}</h2>
      {own.length === 0 && <p className={styles.muted}>{texts.rules.idle}</p>}
      <ul>
        {own.map((activation) => (
          <Activation key={activation.key} activation={activation} />
        ))}
      </ul>
    </section>
  );
}
