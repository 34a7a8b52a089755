// The live page: what needs a look, every department's assets, and what has just happened.
import { Loader } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useMemo, type ReactNode } from 'react';

import { StandDowns } from '../restraints/stand-downs.tsx';
import { useWording } from '../texts/texts.tsx';
import { StateMark } from '../ui/marks.tsx';
import ui from '../ui/ui.module.css';
import { ActivationList } from './activation-list.tsx';
import { AttentionBar } from './attention-bar.tsx';
import styles from './city.module.css';
import { layOut } from './city-layout.ts';
import { CellMark } from './cell-mark.tsx';
import { ConfirmationList } from './confirmation-list.tsx';
import { CommandList } from './command-list.tsx';
import { DecisionList } from './decision-list.tsx';
import { DepartmentPanel } from './department-panel.tsx';
import { useCity, usePicture } from './live-city.tsx';
import { useSelection } from './selection.ts';
import { SidePanel } from './side-panel.tsx';

/** Below this width the side panel covers the page. */
const NARROW = '(max-width: 760px)';

/** The page. */
export function CityPage(): ReactNode {
  const { texts } = useWording();
  const [selection] = useSelection();
  const isNarrow = useMediaQuery(NARROW) ?? false;
  const connection = usePicture((picture) => picture.connection);
  const isKnown = usePicture(({ city, connection: state }) => state === 'live' || city.assets.size > 0);
  const isCovered = isNarrow && selection !== undefined;
  return (
    <>
      <main id="content" className={styles.page} data-connection={connection} inert={isCovered} tabIndex={-1}>
        <h1 className="visually-hidden">{texts.city.title}</h1>
        {isKnown ? (
          <City />
        ) : (
          <p className={styles.waiting} role="status">
            {connection === 'connecting' && <Loader size="sm" />} {texts.city.loading}
          </p>
        )}
      </main>
      <SidePanel />
    </>
  );
}

function City(): ReactNode {
  const { texts } = useWording();
  const assets = useCity((city) => city.assets);
  const departments = useMemo(() => layOut(assets), [assets]);
  return (
    <>
      <StandDowns />
      <AttentionBar />
      <ConfirmationList />
      <div className={styles.columns}>
        <div className={styles.departments}>
          {departments.length === 0 && <p className={ui.empty}>{texts.city.empty}</p>}
          {departments.map((layout) => (
            <DepartmentPanel key={layout.department} layout={layout} />
          ))}
          {departments.length > 0 && <Legend />}
        </div>
        <div className={styles.activity}>
          <ActivationList />
          <CommandList />
          <DecisionList />
        </div>
      </div>
    </>
  );
}

function Legend(): ReactNode {
  const { texts } = useWording();
  return (
    <ul className={styles.legend} aria-label={texts.city.legend}>
      <li>
        <span className={styles.legendHeld} /> {texts.city.legendHeld}
      </li>
      <li>
        <CellMark mark="moving" /> {texts.city.legendMoving}
      </li>
      <li>
        <StateMark state="unverified" /> {texts.city.legendTrouble}
      </li>
      <li>
        <CellMark mark="offline" /> {texts.city.legendOffline}
      </li>
      <li>
        <CellMark mark="unknown" /> {texts.city.legendUnknown}
      </li>
    </ul>
  );
}
