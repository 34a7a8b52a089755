// The bar above every page: where one is, whether it is live, and one's own settings.
import { Menu, SegmentedControl, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';
import { NavLink } from 'react-router';

import { countUnseen } from '../alarms/alarm-board.ts';
import type { SessionView } from '../api.ts';
import { useCity } from '../city/live-city.tsx';
import { nameIn } from '../city/words.ts';
import { useSession } from '../session/session.tsx';
import { LANGUAGES, useWording, type Language } from '../texts/texts.tsx';
import { Sign } from '../ui/marks.tsx';
import ui from '../ui/ui.module.css';
import { ConnectionState } from './connection-state.tsx';
import styles from './header.module.css';

/** The bar. */
export function Header({ session }: { session: SessionView }): ReactNode {
  const { texts } = useWording();
  return (
    <header className={styles.header}>
      <a className={styles.skip} href="#content">
        {texts.header.skip}
      </a>
      <div className={styles.brand}>
        <span className={styles.name}>Signalbox</span>
        {(session.city ?? (session.demo ? 'Harbourton' : undefined)) && <span>· {session.city ?? 'Harbourton'}</span>}
        {session.demo && <span className={`${ui.badge} ${styles.simulated}`}>{texts.header.simulated}</span>}
      </div>
      <nav className={styles.pages} aria-label={texts.header.pages}>
        <NavLink to="/" end>
          {texts.header.city}
        </NavLink>
        <NavLink to="/alarms">
          {texts.header.alarms} <AlarmCount />
        </NavLink>
        <NavLink to="/rules">{texts.header.rules}</NavLink>
        <FlowsLinks />
      </nav>
      <ConnectionState />
      <Settings name={session.name} />
    </header>
  );
}

/** How many alarms nobody has seen yet; nothing where there is none. */
function AlarmCount(): ReactNode {
  const { texts } = useWording();
  const count = useCity(countUnseen);
  if (count === 0) return null;
  return (
    <span className={`${ui.badge} ${styles.count}`} title={texts.header.unseenAlarms(count)}>
      {count}
    </span>
  );
}

/** Node-RED is a page of its own, outside of this app. */
function FlowsLinks(): ReactNode {
  const { texts } = useWording();
  const departments = useCity(departmentsOf);
  if (departments === '') return null;
  return (
    <span className={styles.flows}>
      <span>{texts.header.flows}</span>
      {departments.split(' ').map((department) => (
        <a
          key={department}
          href={`/flows/${department}/`}
          title={texts.header.flowsOf(nameIn(texts.departments, department))}
        >
          {nameIn(texts.departments, department)} <Sign name="away" />
        </a>
      ))}
    </span>
  );
}

/** Departments that have assets, as one text, which stays the same while they do. */
const departmentsOf = ({ assets }: { assets: ReadonlyMap<string, { department: string }> }): string =>
  [...new Set([...assets.values()].map(({ department }) => department))].toSorted().join(' ');

const isScheme = (value: string): value is MantineColorScheme => ['light', 'dark', 'auto'].includes(value);
const isLanguage = (value: string): value is Language => value in LANGUAGES;

function Settings({ name }: { name: string }): ReactNode {
  const { texts, language, chooseLanguage } = useWording();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { end } = useSession();
  return (
    <Menu position="bottom-end" width={250} trapFocus closeOnItemClick={false}>
      <Menu.Target>
        <button type="button" className={styles.settings} aria-label={`${name}: ${texts.header.menu}`}>
          <Sign name="person" /> <span className={styles.person}>{name}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{texts.header.signedInAs(name)}</Menu.Label>
        <Menu.Item onClick={end}>{texts.header.signOut}</Menu.Item>
        <Menu.Divider />
        <Menu.Label>{texts.header.colours}</Menu.Label>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={texts.header.colours}
          value={colorScheme}
          onChange={(value) => {
            if (isScheme(value)) setColorScheme(value);
          }}
          data={[
            { value: 'light', label: texts.header.light },
            { value: 'dark', label: texts.header.dark },
            { value: 'auto', label: texts.header.system },
          ]}
        />
        <Menu.Label>{texts.header.language}</Menu.Label>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={texts.header.language}
          value={language}
          onChange={(value) => {
            if (isLanguage(value)) chooseLanguage(value);
          }}
          data={Object.entries(LANGUAGES).map(([value, { name: label }]) => ({ value, label }))}
        />
      </Menu.Dropdown>
    </Menu>
  );
}
