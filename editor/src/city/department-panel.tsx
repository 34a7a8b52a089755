// Everything of one department: controllers, lamps, containers, and the rest.
import type { ReactNode } from 'react';

import { useWording } from '../texts/texts.tsx';
import { Panel } from '../ui/panel.tsx';
import styles from './city.module.css';
import type { DepartmentLayout } from './city-layout.ts';
import { ContainerStreet } from './container-street.tsx';
import { ControllerCard } from './controller-card.tsx';
import { LampStreet } from './lamp-street.tsx';
import { OtherAssets } from './other-assets.tsx';
import { nameIn } from './words.ts';

/** The panel. */
export function DepartmentPanel({ layout }: { layout: DepartmentLayout }): ReactNode {
  const { texts } = useWording();
  return (
    <Panel title={nameIn(texts.departments, layout.department)}>
      {layout.controllers.length > 0 && (
        <div className={styles.cards}>
          {layout.controllers.map((controller) => (
            <ControllerCard key={controller.controller} layout={controller} />
          ))}
        </div>
      )}
      {layout.lamps.map((street) => (
        <LampStreet key={street.zone} street={street} />
      ))}
      <div className={styles.containers}>
        {layout.containers.map((street) => (
          <ContainerStreet key={street.zone} street={street} />
        ))}
      </div>
      {layout.others.map(({ type, assets }) => (
        <OtherAssets key={type} type={type} assets={assets} />
      ))}
    </Panel>
  );
}
