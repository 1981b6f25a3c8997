// Orders from a seed: the same seed and count give the same file, to the byte.
// At most one thing goes wrong with an order, so that its outcome does not depend on which step was quicker.
import { DISCONTINUED, cards, countries, mailHosts } from './outside-world.js';
import type { Order, OrderLine } from './order.js';

export const ORDERS_SEED = 20;
export const ORDERS_COUNT = 1_000;

const FIRST_NAMES = ['Ada', 'Alan', 'Barbara', 'Edsger', 'Frances', 'Grace', 'Hedy', 'Joe', 'Katherine', 'Leslie', 'Margaret', 'Robert'];
const LAST_NAMES = [
  'Allen',
  'Armstrong',
  'Dijkstra',
  'Hamilton',
  'Hopper',
  'Johnson',
  'Kowalski',
  'Lamport',
  'Liskov',
  'Lovelace',
  'Milner',
];
const COUNTRIES = ['AT', 'CA', 'CH', 'DE', 'ES', 'FR', 'IT', 'JP', 'NL', 'PL', 'SE', 'US'];
const WAREHOUSES = ['leipzig', 'lyon', 'memphis', 'osaka'];

/** Changes one thing of an order so that one call to the outside fails. Weights are per mille; the rest goes well. */
const TROUBLES: { weight: number; cause: (order: Order) => Order }[] = [
  { weight: 60, cause: (order) => ({ ...order, card: cards.gatewayDropsFirstCall }) },
  { weight: 40, cause: (order) => ({ ...order, card: cards.gatewayBusyAtFirst }) },
  { weight: 50, cause: (order) => livingIn(order, countries.carrierHangsUpTwice) },
  { weight: 30, cause: (order) => mailedAt(order, mailHosts.asksToComeAgain) },
  { weight: 20, cause: (order) => mailedAt(order, mailHosts.refusesForGood) },
  { weight: 10, cause: (order) => ({ ...order, card: cards.declined }) },
  { weight: 6, cause: (order) => livingIn(order, countries.nobodyCarries) },
  { weight: 4, cause: (order) => ({ ...order, lines: order.lines.map((line) => ({ ...line, sku: `${DISCONTINUED}${line.sku}` })) }) },
];

const livingIn = (order: Order, country: string): Order => ({ ...order, customer: { ...order.customer, country } });
const mailedAt = (order: Order, host: string): Order => ({
  ...order,
  customer: { ...order.customer, email: order.customer.email.replace(/@.*/, `@${host}`) },
});

export function generateOrders(seed: number = ORDERS_SEED, count: number = ORDERS_COUNT): Order[] {
  const random = mulberry32(seed);
  return Array.from({ length: count }, (_, index) => troubled(goodOrder(index, random), random));
}

function goodOrder(index: number, random: () => number): Order {
  const first = pick(FIRST_NAMES, random);
  const last = pick(LAST_NAMES, random);
  const lines = Array.from({ length: 1 + whole(4, random) }, () => orderLine(random));
  return {
    orderId: `ord-${String(index + 1).padStart(6, '0')}`,
    customer: { name: `${first} ${last}`, email: `${first}.${last}@shop.example`.toLowerCase(), country: pick(COUNTRIES, random) },
    card: cards.accepted,
    lines,
  };
}

function orderLine(random: () => number): OrderLine {
  return {
    sku: `SKU-${String(1 + whole(500, random)).padStart(4, '0')}`,
    quantity: 1 + whole(5, random),
    unitPriceCents: 99 + 50 * whole(200, random),
    warehouse: pick(WAREHOUSES, random),
  };
}

function troubled(order: Order, random: () => number): Order {
  let left = random() * 1_000;
  for (const { weight, cause } of TROUBLES) {
    if (left < weight) return cause(order);
    left -= weight;
  }
  return order;
}

const whole = (below: number, random: () => number): number => Math.floor(random() * below);
const pick = <T>(from: readonly T[], random: () => number): T => from[whole(from.length, random)]!;

/** A small generator of numbers in [0, 1), good enough for orders: Math.random cannot be seeded. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
