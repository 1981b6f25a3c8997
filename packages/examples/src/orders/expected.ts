// What must come out of a file of orders, worked out from the file alone: no handler and nothing of the outside world is asked.
// The literals are repeated here on purpose; if outside-world.ts changes its mind, the demo and its test fail.
import type { Order } from './order.js';

export type OrderNumbers = {
  orders: number;
  completed: number;
  failed: number;
  /** Of completed orders only: an order that fails cancels what else it had under way. */
  chargedCents: number;
  parcelsShipped: number;
  customersNotTold: number;
  failedAttempts: number;
};

export function expectedOrderNumbers(orders: readonly Order[]): OrderNumbers {
  const completed = orders.filter((order) => !failsForGood(order));
  const sum = (count: (order: Order) => number): number => completed.reduce((total, order) => total + count(order), 0);
  return {
    orders: orders.length,
    completed: completed.length,
    failed: orders.length - completed.length,
    chargedCents: sum((order) => order.lines.reduce((cents, line) => cents + line.quantity * line.unitPriceCents, 0)),
    parcelsShipped: sum(parcelsOf),
    customersNotTold: sum((order) => (mailHost(order) === 'bounced.example' ? 1 : 0)),
    failedAttempts: sum(failedAttemptsOf),
  };
}

const parcelsOf = (order: Order): number => new Set(order.lines.map((line) => line.warehouse)).size;
const mailHost = (order: Order): string | undefined => order.customer.email.split('@')[1];

const failsForGood = (order: Order): boolean =>
  order.card.endsWith('0002') || order.customer.country === 'AQ' || order.lines.some((line) => line.sku.startsWith('GONE-'));

function failedAttemptsOf(order: Order): number {
  const charging = order.card.endsWith('0119') || order.card.endsWith('0341') ? 1 : 0;
  const shipping = order.customer.country === 'IS' ? 2 * parcelsOf(order) : 0;
  const telling = mailHost(order) === 'greylisted.example' || mailHost(order) === 'bounced.example' ? 1 : 0;
  return charging + shipping + telling;
}
