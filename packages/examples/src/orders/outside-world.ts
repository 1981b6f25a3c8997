// Stock, payment gateway, carrier and mail server, pretended: whether and how each fails depends on nothing but the order and the
// attempt, so that every number of the demo is known beforehand. Each takes the idempotency key that a real one would need, for a
// handler may run twice.
import { setTimeout as answered } from 'node:timers/promises';
import { NonRetryableError, RetryAfterError } from '@singularity-workflow/sdk';
import type { Charge, Order, Parcel, Reservation, Shipment } from './order.js';

/** What a call to the outside needs to know of the attempt that makes it: the part of a handler's context used here. */
export type Call = { attempt: number; idempotencyKey: string; signal: AbortSignal };

const ANSWER_MS = 2;

export const cards = {
  accepted: '4242424242424242',
  declined: '4000000000000002',
  gatewayDropsFirstCall: '4000000000000119',
  gatewayBusyAtFirst: '4000000000000341',
} as const;

/** Iceland's carrier hangs up twice before it takes a parcel; nobody carries to Antarctica. */
export const countries = { carrierHangsUpTwice: 'IS', nobodyCarries: 'AQ' } as const;

export const mailHosts = { refusesForGood: 'bounced.example', asksToComeAgain: 'greylisted.example' } as const;

export const DISCONTINUED = 'GONE-';

export async function reserveStock(order: Order, call: Call): Promise<Reservation> {
  await answered(ANSWER_MS, undefined, { signal: call.signal });
  const gone = order.lines.find((line) => line.sku.startsWith(DISCONTINUED));
  if (gone) throw new NonRetryableError(`${gone.sku} is no longer sold`);
  const warehouses = [...new Set(order.lines.map((line) => line.warehouse))].toSorted();
  return {
    reservationId: `res-${order.orderId}`,
    totalCents: order.lines.reduce((sum, line) => sum + line.quantity * line.unitPriceCents, 0),
    parcels: warehouses.map((warehouse) => ({
      parcelId: `${order.orderId}-${warehouse}`,
      warehouse,
      country: order.customer.country,
      items: order.lines.filter((line) => line.warehouse === warehouse).reduce((sum, line) => sum + line.quantity, 0),
    })),
  };
}

export async function charge(card: string, amountCents: number, call: Call): Promise<Charge> {
  await answered(ANSWER_MS, undefined, { signal: call.signal });
  if (card === cards.declined) throw new NonRetryableError('card declined by its bank');
  if (card === cards.gatewayDropsFirstCall && call.attempt === 1) throw new Error('payment gateway closed the connection');
  if (card === cards.gatewayBusyAtFirst && call.attempt === 1) throw new RetryAfterError(300, 'payment gateway is busy: again in 300 ms');
  return { chargeId: `chg-${call.idempotencyKey}`, amountCents };
}

export async function ship(parcel: Parcel, call: Call): Promise<Shipment> {
  await answered(ANSWER_MS, undefined, { signal: call.signal });
  if (parcel.country === countries.nobodyCarries) throw new Error(`no carrier answers for ${parcel.country}`);
  if (parcel.country === countries.carrierHangsUpTwice && call.attempt <= 2) throw new Error('carrier hung up');
  return { parcelId: parcel.parcelId, trackingNumber: `trk-${parcel.parcelId}` };
}

export async function sendMail(to: string, text: string, call: Call): Promise<{ sentTo: string; characters: number }> {
  await answered(ANSWER_MS, undefined, { signal: call.signal });
  const host = to.slice(to.indexOf('@') + 1);
  if (host === mailHosts.refusesForGood) throw new NonRetryableError(`${host} refuses mail for ${to}`);
  if (host === mailHosts.asksToComeAgain && call.attempt === 1) throw new Error(`${host} asks to come again`);
  return { sentTo: to, characters: text.length };
}
