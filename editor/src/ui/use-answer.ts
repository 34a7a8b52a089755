// Asks the API once, and again whenever the question is another.
import { useEffect, useState } from 'react';

import type { Answer } from '../api.ts';

/**
 * The answer to a question; undefined until there is one. The last answer stays while the next one is on its way.
 *
 * @param ask the question; kept between drawings (`useCallback`) as long as it is the same
 */
export function useAnswer<T>(ask: () => Promise<Answer<T>>): Answer<T> | undefined {
  const [answer, setAnswer] = useState<Answer<T>>();
  useEffect(() => {
    let isCurrent = true;
    const run = async () => {
      const read = await ask();
      if (isCurrent) setAnswer(read);
    };
    void run();
    return () => {
      isCurrent = false;
    };
  }, [ask]);
  return answer;
}
