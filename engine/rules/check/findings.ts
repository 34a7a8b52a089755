// What the checks of one document find, and what they know while they look.
import type { Asset } from '../../model/asset.ts';
import { problem, type Problem } from '../../model/result.ts';
import type { Names } from '../named-conditions.ts';
import type { RuleCatalogue } from './catalogue.ts';

/** One thing to say about a place in the document. */
interface Finding {
  code: string;
  /** JSON pointer. */
  path: string;
  found: unknown;
  /** A sentence's end: `allowed is …`, or why it cannot be. */
  allowed: string;
  /** What may stand there instead. */
  fix?: unknown;
}

/** Gathers problems, which refuse a document, and warnings, which do not. */
export class Findings {
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];

  refuse(finding: Finding): void {
    this.problems.push(toProblem(finding));
  }

  warn(finding: Finding): void {
    this.warnings.push(toProblem(finding));
  }
}

const toProblem = ({ code, path, found, allowed, fix }: Finding): Problem => ({
  ...problem(code, path, found, allowed),
  ...(fix === undefined ? {} : { fix: { value: fix } }),
});

/** What the conditions of a document are read for. */
export interface Subject {
  type: string;
  /** The relation of a scope's `each`. */
  each?: string | undefined;
  /** Those of today in the scope of a rule. */
  assets?: readonly Asset[];
}

/** What every check needs. */
export interface Checking {
  catalogue: RuleCatalogue;
  findings: Findings;
  /** Whose document it is; empty where its id has a wrong form. */
  department: string;
  /** Undefined where conditions are read for assets of any type: in a named condition. */
  subject: Subject | undefined;
  /** The named conditions as the document's department sees them. */
  names: Names;
}
