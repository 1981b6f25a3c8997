export { planFiring, type DueSlots, type FiringPlan } from './firing-plan.js';
export { Slots } from './slots.js';
