// Decision tables become plain rules, one for each row that asks for something; nobody else needs to know of tables.
import { effectSchema } from '../model/claim.ts';
import type { DecisionTable, TableCell, TableColumn, TableRow } from '../model/decision-table.ts';
import { plainOperator } from '../model/operators.ts';
import { own } from '../model/own.ts';
import { isClaim, type Condition, type Rule, type RuleDocument } from '../model/rule.ts';

/**
 * The rules that a document stands for.
 *
 * With hit policy `first` a row's conditions are its own cells and not any earlier row; with `collect` its own cells.
 * In three-valued logic: an earlier row that may be true keeps the later ones from being true.
 *
 * @returns the rule itself when it has conditions; for a table one rule per row that asks for something, with the id
 *   `<rule>/<row>`, rows counted from 1. No document can have such an id.
 */
export function expandTable(document: RuleDocument): Rule[] {
  const { table, conditions } = document;
  const rule = { ...document };
  for (const field of ['table', 'conditions', 'tests'] as const) delete rule[field];
  if (!table) return conditions ? [{ ...rule, conditions }] : [];
  return table.rows.flatMap((row, index): Rule[] => {
    const actions = actionsOf(row, rule.actions);
    if (actions.length === 0) return [];
    const title = `${rule.title}: ${row.title ?? `row ${index + 1}`}`;
    return [{ ...rule, id: `${rule.id}/${index + 1}`, title, conditions: rowConditions(table, index), actions }];
  });
}

/** The document that a rule comes from: `waste/collect` of `waste/collect/2`. */
export const documentOf = (ruleId: string): string => ruleId.split('/', 2).join('/');

/** The row of a table that a rule is, counted from 1; undefined for a rule with conditions of its own. */
export function rowOf(ruleId: string): number | undefined {
  const [, , row] = ruleId.split('/');
  return row === undefined ? undefined : Number(row);
}

/** A cell as a condition of its own; undefined when it asks nothing. */
export function cellCondition(column: TableColumn, cell: TableCell | undefined): Condition | undefined {
  if (cell === null || cell === undefined) return undefined;
  if (!('condition' in column)) return { ...column, value: cell };
  return cell === false ? { not: { condition: column.condition } } : { condition: column.condition };
}

/** The rule's actions as a row asks for them. */
export function actionsOf({ then }: TableRow, actions: Rule['actions']): Rule['actions'] {
  if (then === undefined) return actions;
  if (Array.isArray(then)) return then.flatMap((index) => actions[index] ?? []);
  return actions.flatMap((action) => {
    if (!isClaim(action)) return [];
    const value = own(then, action.point);
    const effect = effectSchema.options.find((one) => action[one] !== undefined);
    return value === undefined || effect === undefined ? [] : [{ ...action, [effect]: value }];
  });
}

function rowConditions({ hit, columns, rows }: DecisionTable, index: number): Condition {
  const row = rows[index];
  const cells = row ? cellsOf(columns, row) : [];
  const earlier = hit === 'first' && row ? rows.slice(0, index).filter((one) => !excludes(columns, one, row)) : [];
  return { all: [...cells, ...earlier.map((one): Condition => ({ not: { all: cellsOf(columns, one) } }))] };
}

const cellsOf = (columns: readonly TableColumn[], { when }: TableRow): Condition[] =>
  columns.flatMap((column, index) => cellCondition(column, when[index]) ?? []);

/**
 * Can an earlier row never be true where this one is not already false? Then it need not be named: two different values
 * of one type in a column that asks for equality, or a named condition and its opposite. It holds for unknown facts
 * too: they leave both rows unknown, or false for other reasons.
 */
function excludes(columns: readonly TableColumn[], earlier: TableRow, row: TableRow): boolean {
  return columns.some((column, index) => {
    if ('operator' in column && plainOperator(column.operator)?.name !== 'equal') return false;
    const [one, other] = [earlier.when[index], row.when[index]];
    if (one === null || other === null || typeof one === 'object' || typeof one !== typeof other) return false;
    return one !== other;
  });
}
