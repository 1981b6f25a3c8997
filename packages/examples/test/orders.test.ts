import { createHash } from 'node:crypto';
import { expectedOrderNumbers } from '../src/orders/expected.js';
import { generateOrders } from '../src/orders/generate.js';
import type { Order } from '../src/orders/order.js';

const order = (change: Partial<Order>): Order => ({
  orderId: 'ord-1',
  customer: { name: 'Ada Lovelace', email: 'ada@shop.example', country: 'DE' },
  card: '4242424242424242',
  lines: [
    { sku: 'SKU-1', quantity: 2, unitPriceCents: 150, warehouse: 'lyon' },
    { sku: 'SKU-2', quantity: 1, unitPriceCents: 1_000, warehouse: 'osaka' },
    { sku: 'SKU-3', quantity: 1, unitPriceCents: 5, warehouse: 'lyon' },
  ],
  ...change,
});

describe('the generator of orders', () => {
  it('makes the same file from the same seed, and another from another', () => {
    const hash = (seed: number): string =>
      createHash('sha256')
        .update(JSON.stringify(generateOrders(seed, 200)))
        .digest('hex');
    expect(hash(7)).toBe(hash(7));
    expect(hash(8)).not.toBe(hash(7));
  });

  it('makes a thousand orders of which some fail for good, some retry and some customers cannot be told', () => {
    expect(expectedOrderNumbers(generateOrders())).toEqual({
      orders: 1_000,
      completed: 975,
      failed: 25,
      chargedCents: 36_147_119,
      parcelsShipped: 1_910,
      customersNotTold: 14,
      failedAttempts: 371,
    });
  });
});

describe('the numbers expected of a file of orders', () => {
  it('counts a parcel for each warehouse and charges every line of an order that goes well', () => {
    expect(expectedOrderNumbers([order({})])).toEqual({
      orders: 1,
      completed: 1,
      failed: 0,
      chargedCents: 1_305,
      parcelsShipped: 2,
      customersNotTold: 0,
      failedAttempts: 0,
    });
  });

  it('counts nothing but the failure of a declined, an unreachable and a discontinued order', () => {
    const failing = [
      order({ card: '4000000000000002' }),
      order({ customer: { name: 'A', email: 'a@shop.example', country: 'AQ' } }),
      order({ lines: [{ sku: 'GONE-SKU-1', quantity: 1, unitPriceCents: 1, warehouse: 'lyon' }] }),
    ];
    expect(expectedOrderNumbers(failing)).toMatchObject({ completed: 0, failed: 3, chargedCents: 0, parcelsShipped: 0, failedAttempts: 0 });
  });

  it('counts two failed attempts for each parcel that goes to Iceland', () => {
    const iceland = order({ customer: { name: 'A', email: 'a@shop.example', country: 'IS' } });
    expect(expectedOrderNumbers([iceland])).toMatchObject({ completed: 1, parcelsShipped: 2, failedAttempts: 4 });
  });

  it('counts a customer whose mail is refused as not told, in a completed order', () => {
    const refused = order({ customer: { name: 'A', email: 'a@bounced.example', country: 'DE' } });
    expect(expectedOrderNumbers([refused])).toMatchObject({ completed: 1, customersNotTold: 1, failedAttempts: 1 });
  });
});
