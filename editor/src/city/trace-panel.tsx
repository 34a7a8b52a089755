// The whole way of one command: reading → decision → arbitration → steps with times and proof.
import { useCallback, type ReactNode } from 'react';
import { Link } from 'react-router';

import type { ClaimBrief, Command, CommandRecord, CommandStep } from '../../../engine/model/command.ts';
import type { Decision } from '../../../engine/model/decision.ts';
import type { Reading } from '../../../engine/model/reading.ts';
import { readCommand, type Answer, type CommandTrace } from '../api.ts';
import { formatStep, formatValue } from '../format/format.ts';
import { useWording } from '../texts/texts.tsx';
import { Sign, StateMark } from '../ui/marks.tsx';
import { StepLine } from '../ui/step-line.tsx';
import { useAnswer } from '../ui/use-answer.ts';
import { AssetButton } from './asset-button.tsx';
import { ConditionView } from './condition-view.tsx';
import { Time, useCity, useRuleTitles } from './live-city.tsx';
import styles from './panel.module.css';
import { commandInWords, nameIn, noReadingsInWords, ownerInWords, partsOfPoint, pointValue } from './words.ts';

interface PanelProps {
  id: string;
  heading: (text: string) => ReactNode;
}

/** The panel's content. What the live picture knows is there at once; the rest is read from the record. */
export function TracePanel({ id, heading }: PanelProps): ReactNode {
  const { texts, manner } = useWording();
  const assets = useCity((city) => city.assets);
  const live = useCity((city) => city.commands.get(id));
  const answer = useTrace(id, live?.steps.length ?? 0);
  const trace = answer?.ok ? answer.value : undefined;
  const record = longer(live, trace);
  return (
    <>
      {heading(record ? commandInWords(manner, texts, assets, record.command) : texts.trace.title)}
      {record && (
        <p className={styles.origin}>
          <StepLine record={record} /> · <AssetButton id={partsOfPoint(record.command.point).asset} />
        </p>
      )}
      {!answer && <p role="status">{texts.trace.loading}</p>}
      {answer?.ok === false && (
        <p role="alert">
          {texts.trace.failed} {answer.failure.detail}
        </p>
      )}
      <ol className={styles.chain}>
        {trace && <Readings trace={trace} />}
        {trace && <DecisionPart decision={trace.decision ?? undefined} />}
        {record && <Arbitration command={record.command} />}
        {record && <Steps record={record} />}
      </ol>
    </>
  );
}

/** Reads the trace again whenever the command has taken another step. */
function useTrace(id: string, steps: number): Answer<CommandTrace> | undefined {
  return useAnswer(useCallback(() => readCommand(id), [id, steps]));
}

/** The live picture may be ahead of the record, or the other way round. */
const longer = (live: CommandRecord | undefined, read: CommandRecord | undefined): CommandRecord | undefined =>
  read && read.steps.length > (live?.steps.length ?? 0) ? read : (live ?? read);

function Readings({ trace: { command, readings } }: { trace: CommandTrace }): ReactNode {
  const { texts, manner } = useWording();
  return (
    <li>
      <h3>{readings.length === 1 ? texts.trace.reading : texts.trace.readings}</h3>
      {readings.length === 0 && <p className={styles.muted}>{noReadingsInWords(texts, command)}</p>}
      <ul>
        {readings.toSorted(newestFirst).map((reading) => (
          <li key={reading.id} className={styles.reading} title={texts.trace.from(reading.source)}>
            <AssetButton id={reading.asset} />
            <span>
              {nameIn(texts.names, reading.property)}{' '}
              <strong>{formatValue(manner, reading.property, reading.value, reading.unit)}</strong>
            </span>
            <span className={styles.muted}>
              <Time at={reading.observedAt} />
            </span>
          </li>
        ))}
      </ul>
    </li>
  );
}

const newestFirst = (left: Reading, right: Reading): number => right.observedAt - left.observedAt;

function DecisionPart({ decision }: { decision: Decision | undefined }): ReactNode {
  const { texts } = useWording();
  return (
    <li>
      <h3>{texts.trace.decision}</h3>
      {decision ? (
        <>
          <p>
            <Sign name={decision.kind} /> <strong>{decision.title}</strong> {texts.decisions[decision.kind]}{' '}
            <Time at={decision.at} />
          </p>
          <p className={styles.muted}>
            <Link to={`/rules/${decision.rule}`}>{decision.rule}</Link> ·{' '}
            {texts.trace.ruleVersion(decision.ruleVersion)} · {texts.reasons[decision.reason] ?? decision.reason}
          </p>
          <ConditionView trace={decision.trace} />
        </>
      ) : (
        <p className={styles.muted}>{texts.trace.noDecision}</p>
      )}
    </li>
  );
}

function Arbitration({ command }: { command: Command }): ReactNode {
  const { texts } = useWording();
  const { winner, bounds, losers } = command.cause.arbitration;
  const { point } = partsOfPoint(command.point);
  return (
    <li>
      <h3>{texts.trace.arbitration}</h3>
      <dl className={styles.claims}>
        <dt>{texts.trace.winner}</dt>
        <dd>{winner ? <Claim claim={winner} point={point} /> : texts.trace.noWinner}</dd>
        {bounds.length > 0 && <dt>{texts.trace.bounds}</dt>}
        {bounds.map((bound) => (
          <dd key={bound.claimId}>
            <Claim claim={bound} point={point} />
          </dd>
        ))}
        <dt>{texts.trace.losers}</dt>
        {losers.length === 0 && <dd className={styles.muted}>{texts.trace.noLosers}</dd>}
        {losers.map((loser) => (
          <dd key={loser.claimId}>
            <Claim claim={loser} point={point} />
            <div>{loser.why}</div>
          </dd>
        ))}
      </dl>
    </li>
  );
}

function Claim({ claim, point }: { claim: ClaimBrief; point: string }): ReactNode {
  const { texts, manner } = useWording();
  const titles = useRuleTitles();
  const owner = ownerInWords(texts, claim.owner, titles);
  return (
    <>
      <strong title={claim.owner}>{owner}</strong> {texts.point.effects[claim.effect] ?? claim.effect}{' '}
      <strong>{pointValue(manner, texts, point, claim.value)}</strong> · {texts.point.slot(claim.slot)} ·{' '}
      {texts.point.until} <Time at={claim.leaseUntil} />
      {claim.confirmedBy !== undefined && <> · {texts.confirmations.by(claim.confirmedBy)}</>}
      {claim.reason !== owner && <div className={styles.muted}>{claim.reason}</div>}
    </>
  );
}

function Steps({ record }: { record: CommandRecord }): ReactNode {
  const { texts } = useWording();
  const { command, steps } = record;
  return (
    <li>
      <h3>{texts.trace.steps}</h3>
      <ol className={styles.steps}>
        {steps.map((step, index) => (
          <Step key={`${step.state} ${step.at}`} step={step} before={steps[index - 1]?.at} />
        ))}
      </ol>
      <p className={styles.muted}>
        {texts.trace.sequence(command.sequence)} · {texts.trace.notAfter} <Time at={command.notAfter} />
        {command.leaseUntil !== undefined && (
          <>
            {' '}
            · {texts.trace.returnsAt} <Time at={command.leaseUntil} />
          </>
        )}
        <br />
        <code>{command.commandId}</code>
      </p>
    </li>
  );
}

function Step({ step, before }: { step: CommandStep; before: number | undefined }): ReactNode {
  const { texts, manner } = useWording();
  return (
    <li>
      <StateMark state={step.state} />
      <div>
        <strong>{texts.states[step.state]}</strong> <Time at={step.at} />{' '}
        {before !== undefined && <span className={styles.muted}>{formatStep(manner, step.at - before)}</span>}
        {step.proof && <div>{texts.proof[step.proof]}</div>}
        {step.detail !== undefined && <div className={styles.muted}>{step.detail}</div>}
        {step.until !== undefined && (
          <div className={styles.muted}>
            {texts.point.waits} <Time at={step.until} />
          </div>
        )}
      </div>
    </li>
  );
}
