// The latest commands with their way to `verified`.
import { useMemo, useState, type ReactNode } from 'react';

import type { CommandRecord } from '../../../engine/model/command.ts';
import { useWording } from '../texts/texts.tsx';
import { Panel } from '../ui/panel.tsx';
import { StepLine } from '../ui/step-line.tsx';
import ui from '../ui/ui.module.css';
import styles from './city.module.css';
import { commandsNewestFirst } from './city-state.ts';
import { groupCommands, type CommandGroup } from './command-groups.ts';
import { Time, useCity } from './live-city.tsx';
import { useSelection } from './selection.ts';
import { commandInWords } from './words.ts';

/** How many rows are shown. */
const SHOWN = 10;

/** The list, newest first. */
export function CommandList(): ReactNode {
  const { texts } = useWording();
  const commands = useCity((city) => city.commands);
  const newest = useMemo(() => groupCommands(commandsNewestFirst(commands)).slice(0, SHOWN), [commands]);
  return (
    <Panel title={texts.commands.title}>
      {newest.length === 0 && <p className={ui.empty}>{texts.commands.none}</p>}
      <ul className={styles.list}>
        {newest.map((group) => (
          <GroupRow key={(group.alike.at(-1) ?? group.first).command.commandId} group={group} />
        ))}
      </ul>
    </Panel>
  );
}

function GroupRow({ group }: { group: CommandGroup }): ReactNode {
  const { texts } = useWording();
  const [isOpen, setOpen] = useState(false);
  const { first, alike } = group;
  return (
    <li>
      <CommandRow record={first} />
      {alike.length > 0 && (
        <button type="button" className={styles.more} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {texts.commands.alike(alike.length)}
        </button>
      )}
      {isOpen && alike.map((record) => <CommandRow key={record.command.commandId} record={record} />)}
    </li>
  );
}

/** One command as a row that opens its trace. */
function CommandRow({ record }: { record: CommandRecord }): ReactNode {
  const { texts, manner } = useWording();
  const assets = useCity((city) => city.assets);
  const [, select] = useSelection();
  const detail = record.steps.at(-1)?.detail;
  return (
    <button
      type="button"
      className={styles.listButton}
      onClick={() => select({ kind: 'command', id: record.command.commandId })}
    >
      <span className={styles.rowText}>
        <span className={styles.rowHead}>
          <strong>{commandInWords(manner, texts, assets, record.command)}</strong>
          <Time at={record.command.issuedAt} />
        </span>
        <StepLine record={record} />
        {detail !== undefined && <span className={styles.why}>{detail}</span>}
      </span>
    </button>
  );
}
