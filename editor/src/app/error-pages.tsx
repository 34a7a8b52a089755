// What is shown instead of a page that is not there or that broke.
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

import { useWording } from '../texts/texts.tsx';

/** For an address that leads nowhere. */
export function MissingPage(): ReactNode {
  const { texts } = useWording();
  return (
    <main id="content" className="centred">
      <p>{texts.errors.pageMissing}</p>
      <Link to="/">{texts.errors.toCity}</Link>
    </main>
  );
}

/** For a page that threw. */
export function CrashedPage(): ReactNode {
  const { texts } = useWording();
  return (
    <main id="content" className="centred">
      <p role="alert">{texts.errors.crashed}</p>
      <Button onClick={() => location.reload()}>{texts.errors.reload}</Button>
    </main>
  );
}
