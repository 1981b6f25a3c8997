import { workflow } from '@singularity-workflow/sdk';
import type { Order } from './order.js';
import { charge, reserveStock, sendMail, ship } from './outside-world.js';

/**
 * From an order to its parcels: one parcel per warehouse, shipped in parallel while the card is charged.
 * A mail that cannot be delivered is no reason to fail an order that was paid and shipped, so `notify` is skipped then; `close` says which.
 */
export const orderFulfilment = workflow<Order>('order-fulfilment', {
  maxAttempts: 3,
  baseDelayMs: 100,
  maxDelayMs: 2_000,
  timeoutMs: 10_000,
})
  .step('reserve', (order, ctx) => reserveStock(order, ctx))
  .step('charge', { dependsOn: ['reserve'] }, ({ reserve }, ctx) => charge(ctx.runInput.card, reserve.totalCents, ctx))
  .map('ship', { over: 'reserve.parcels' }, (parcel, ctx) => ship(parcel, ctx))
  .step('notify', { dependsOn: ['charge', 'ship'], whenExhausted: 'skip' }, (paidAndShipped, ctx) =>
    sendMail(ctx.runInput.customer.email, `On their way: ${paidAndShipped.ship.map((parcel) => parcel.trackingNumber).join(', ')}`, ctx),
  )
  .step('close', { dependsOn: ['charge', 'ship', 'notify'] }, (done, ctx) => ({
    orderId: ctx.runInput.orderId,
    chargedCents: done.charge.amountCents,
    parcels: done.ship.length,
    customerTold: done.notify !== undefined,
  }));
