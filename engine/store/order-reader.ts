// Reads what was asked of people and said to others: orders and messages.
import { toIso } from '../model/clock.ts';
import type { MessageRecord, Order } from '../model/one-shot.ts';
import type { Database, RecordReader } from './ports.ts';
import { requireLimit } from './list-limit.ts';
import { storableText } from './sql-text.ts';

/** The recorded orders and messages of a database. */
export const createOrderReader = (
  database: Database,
): Pick<RecordReader, 'order' | 'recentOrders' | 'messages' | 'recentMessages'> => ({
  order: async (orderId) => {
    const [row] = await database.query<{ body: Order }>('select body from orders where order_id = $1', [
      storableText(orderId),
    ]);
    return row?.body;
  },
  recentOrders: async (limit, before, isOpen = false) => {
    const rows = await database.query<{ body: Order }>(
      `select body from orders where ($2::timestamptz is null or opened_at < $2) and (closed_at is null or not $3::boolean)
       order by opened_at desc, order_id desc limit $1`,
      [requireLimit(limit), before === undefined ? null : toIso(before), isOpen],
    );
    return rows.map(({ body }) => body);
  },
  messages: async (ids) => {
    const rows = await database.query<{ body: MessageRecord }>(
      `select body from messages where message_id in (select jsonb_array_elements_text($1::jsonb))
       order by at, message_id`,
      [JSON.stringify(ids.map(storableText))],
    );
    return rows.map(({ body }) => body);
  },
  recentMessages: async (limit, before) => {
    const rows = await database.query<{ body: MessageRecord }>(
      `select body from messages where $2::timestamptz is null or at < $2
       order by at desc, message_id desc limit $1`,
      [requireLimit(limit), before === undefined ? null : toIso(before)],
    );
    return rows.map(({ body }) => body);
  },
});
