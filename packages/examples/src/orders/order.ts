// The order, as a shop sends it. Types, not interfaces: they are JSON on the wire.

export type OrderLine = { sku: string; quantity: number; unitPriceCents: number; warehouse: string };

export type Order = {
  orderId: string;
  customer: { name: string; email: string; country: string };
  /** One of the pretend payment gateway's test numbers (see outside-world.ts). */
  card: string;
  lines: OrderLine[];
};

/** All lines of an order that leave from one warehouse. */
export type Parcel = { parcelId: string; warehouse: string; country: string; items: number };

export type Reservation = { reservationId: string; totalCents: number; parcels: Parcel[] };
export type Charge = { chargeId: string; amountCents: number };
export type Shipment = { parcelId: string; trackingNumber: string };
