// The operators that conditions may use, for everybody who lists or explains them; engine/rules says what they do.

/** One operator as an author sees it. */
export interface OperatorNote {
  description: string;
  /** What it compares: any two values of one type, numbers only, or one value with a list. */
  compares: 'same type' | 'numbers' | 'list';
}

/** json-rules-engine's own names. */
export const OPERATOR_NOTES: Readonly<Record<string, OperatorNote>> = {
  equal: { description: 'is the same', compares: 'same type' },
  notEqual: { description: 'is another value; unknown while the fact is unknown', compares: 'same type' },
  in: { description: 'is one of a list', compares: 'list' },
  notIn: { description: 'is none of a list; unknown while the fact is unknown', compares: 'list' },
  lessThan: { description: 'is less than', compares: 'numbers' },
  lessThanInclusive: { description: 'is less than or equal to', compares: 'numbers' },
  greaterThan: { description: 'is greater than', compares: 'numbers' },
  greaterThanInclusive: { description: 'is greater than or equal to', compares: 'numbers' },
};
