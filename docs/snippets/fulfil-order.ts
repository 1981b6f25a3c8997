// The workflow of the README and of "writing workflows", with an outside world that is pretended.
// #region workflow
import { workflow } from '@singularity-workflow/sdk';

type Order = { id: string; parcels: { to: string }[]; totalCents: number };

export const fulfilOrder = workflow<Order>('fulfil-order', { maxAttempts: 5, timeoutMs: 30_000 })
  .step('reserve', (order, ctx) => stock.reserve(order, ctx.idempotencyKey))
  .step('charge', { dependsOn: ['reserve'] }, ({ reserve }, ctx) => bank.charge(reserve.totalCents, ctx.idempotencyKey))
  .map('ship', { over: 'reserve.parcels' }, (parcel, ctx) => carrier.ship(parcel, ctx.idempotencyKey))
  .step('notify', { dependsOn: ['charge', 'ship'] }, ({ charge, ship }) => ({
    receipt: charge.receipt,
    tracking: ship.map((shipment) => shipment.tracking),
  }));
// #endregion

const stock = {
  reserve: async (order: Order, key: string) => ({ reservation: key, parcels: order.parcels, totalCents: order.totalCents }),
};
const bank = {
  charge: async (cents: number, key: string) => ({ receipt: `${key}/${cents}` }),
};
const carrier = {
  ship: async (parcel: { to: string }, key: string) => ({ tracking: `${key}/${parcel.to}` }),
};
